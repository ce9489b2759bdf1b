import { projectsOf } from './project-options.js';

function optionsOf(files: Record<string, string>) {
  const [project] = projectsOf(new Map(Object.entries({ 'src/a.ts': '', ...files })));
  return project?.options;
}

describe(projectsOf, () => {
  it('takes over what decides about types', () => {
    const json = `{ // as people write it
      "compilerOptions": { "strict": true, "strictPropertyInitialization": false, "lib": ["ES2020", "DOM"], },
    }`;
    expect(optionsOf({ 'tsconfig.json': json })).toMatchObject({
      strict: true,
      strictPropertyInitialization: false,
      lib: ['lib.esnext.d.ts', 'lib.dom.d.ts'],
    });
  });

  it('follows extends inside the tree, the own options last', () => {
    const options = optionsOf({
      'base.json': '{ "compilerOptions": { "strict": true, "checkJs": true } }',
      'tsconfig.json': '{ "extends": "./base", "compilerOptions": { "strict": false } }',
    });
    expect(options).toMatchObject({ strict: false, checkJs: true });
  });

  it('takes the first of the projects that a bare list of references names', () => {
    const options = optionsOf({
      'tsconfig.json': '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }] }',
      'tsconfig.app.json': '{ "compilerOptions": { "strict": true } }',
    });
    expect(options).toMatchObject({ strict: true });
  });

  it('finds null, and asks for no annotations, where nobody says how strict to be', () => {
    expect(optionsOf({})).toMatchObject({ strict: false, strictNullChecks: true });
    expect(optionsOf({ 'tsconfig.json': '{ "extends": "@tsconfig/node20" }' })).toMatchObject({
      strictNullChecks: true,
    });
  });

  it('is not strict where the project is not', () => {
    expect(optionsOf({ 'tsconfig.json': '{}' })).not.toHaveProperty('strictNullChecks');
  });

  it('takes over nothing that reads or loads anything', () => {
    const options = optionsOf({
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          plugins: [{ name: 'evil' }],
          types: ['evil'],
          typeRoots: ['/'],
          rootDirs: ['/'],
          outDir: '/tmp',
          tsBuildInfoFile: '/tmp/x',
          generateTrace: '/tmp/x',
          baseUrl: '../..',
          paths: { a: ['../../etc/x'], 'b/*': ['./b/*'] },
        },
      }),
    });
    expect(options).toMatchObject({ types: [], noEmit: true });
    expect(options).not.toHaveProperty('paths');
    for (const name of ['plugins', 'typeRoots', 'rootDirs', 'outDir', 'baseUrl', 'generateTrace']) {
      expect(options).not.toHaveProperty(name);
    }
  });

  it('groups files by their nearest configuration, of which it heeds so many', () => {
    const packages = Array.from({ length: 40 }, (_, n) => `packages/p${n}`);
    const files = packages.flatMap((folder) => [
      [`${folder}/tsconfig.json`, '{}'] as const,
      [`${folder}/src/a.ts`, ''] as const,
    ]);
    const projects = projectsOf(new Map([['a.ts', ''], ...files]));
    expect(projects).toHaveLength(17);
    expect(projects.flatMap((project) => project.files)).toHaveLength(41);
  });
});
