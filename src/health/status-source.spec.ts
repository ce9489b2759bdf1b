import { StatusSource, StatusSources, type ToolchainStatus } from './status-source.js';

class Source extends StatusSource {
  status: ToolchainStatus = { status: 'preparing' };

  constructor(override readonly name: string) {
    super();
  }

  override read(): ToolchainStatus {
    return this.status;
  }
}

describe(StatusSources.name, () => {
  it('reads every source when it is asked', () => {
    const sources = new StatusSources();
    const python = new Source('python');
    sources.register(python);
    sources.register(new Source('node'));
    python.status = { status: 'ready', version: '3.11.2' };
    expect(sources.readAll()).toEqual({
      python: { status: 'ready', version: '3.11.2' },
      node: { status: 'preparing' },
    });
  });

  it('refuses a second source of the same name', () => {
    const sources = new StatusSources();
    sources.register(new Source('python'));
    expect(() => sources.register(new Source('python'))).toThrow('Two status sources named python');
  });
});
