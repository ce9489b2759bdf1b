import { createTestDatabase, type TestDatabase } from './postgres.js';
import { System, type Settings } from './system.js';

/** Counted limits are off: what they do has tests of its own. */
const UNLIMITED = { RATE_LIMIT_ANALYSIS: '0', RATE_LIMIT_LOGIN: '0', LOG_FORMAT: 'json' };

/** The built product under attack: one process of its own on a database of its own. */
export class SecuritySystem extends System {
  private ownDatabase: TestDatabase | undefined;
  private readonly own: Settings;

  /** @param settings Asked when it starts. */
  constructor(private readonly settingsAtStart: () => Settings) {
    const own: Settings = {};
    super('embedded', own);
    this.own = own;
  }

  override get databaseUrl(): string {
    return this.own['DATABASE_URL'] ?? '';
  }

  override async start(): Promise<void> {
    this.ownDatabase = await createTestDatabase();
    const { url: DATABASE_URL } = this.ownDatabase;
    Object.assign(this.own, UNLIMITED, this.settingsAtStart(), { DATABASE_URL });
    await super.start();
  }

  override async stop(): Promise<void> {
    await super.stop();
    await this.ownDatabase?.drop();
  }
}

/** One suite against one server, which has to be alive and well at the end of it. */
export function describeSecurity(
  name: string,
  settings: Settings | (() => Settings),
  body: (system: SecuritySystem) => void,
): void {
  describe(name, () => {
    const system = new SecuritySystem(typeof settings === 'function' ? settings : () => settings);
    beforeAll(() => system.start(), 60_000);

    body(system);

    it('is alive after all that, and logged no error and no secret', async () => {
      expect((await system.request('GET', '/api/health/live')).status).toBe(200);
      const lines = system.logs().split('\n');
      expect(lines.filter((line) => /^\{"level":(50|60)/.test(line))).toEqual([]);
      expect([...system.secrets].filter((secret) => system.logs().includes(secret))).toEqual([]);
      expect(system.logs()).not.toMatch(/eyJ[\w-]{10,}\.[\w-]+\.[\w-]+/);
    });

    afterAll(() => system.stop(), 60_000);
  });
}
