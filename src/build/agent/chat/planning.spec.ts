import type { ResourceSpec } from '../../blueprints/project-spec.js';
import { BuildStopped } from '../build-stopped.js';
import { readPlan, toPlan } from './planning.js';

const PLANNED = readPlan({
  language: 'Python 3',
  framework: 'fastapi',
  database: 'sqlite',
  features: ['auth', 'search'],
  tasks: ['Add notes, with tests.'],
});

const NOTHING = { ...PLANNED, features: [], tasks: [] };

function resource(name: string, field: string): ResourceSpec {
  const fields = [{ name: field, type: 'string' as const, required: true, unique: false }];
  return { name, fields, belongsTo: [], readableBy: 'owner', deletableBy: 'owner' };
}

function goal(parameters: Record<string, unknown> = {}) {
  return { projectName: 'p', goal: 'Notes with a search', parameters };
}

describe(toPlan, () => {
  it('scaffolds what the blueprints have, and makes tasks of the rest', () => {
    expect(toPlan(goal(), PLANNED, null)).toEqual({
      spec: {
        projectName: 'p',
        framework: 'fastapi',
        database: 'sqlite',
        features: ['auth', 'health'],
        resources: [],
        includeTests: true,
        notes: [],
      },
      tasks: ['Make sure that the feature search is there, with tests.', 'Add notes, with tests.'],
      extendsSource: false,
    });
  });

  it('lets parameters win over what the model read', () => {
    const parameters = { database: 'none', features: ['health'], include_tests: false };
    expect(toPlan(goal(parameters), PLANNED, null)).toMatchObject({
      spec: { database: 'none', features: ['health'], includeTests: false },
      tasks: ['Add notes, with tests.'],
    });
  });

  it('names parameters that nobody knows', () => {
    const { spec } = toPlan(goal({ colour: 'red', max_calls: 3, resources: [] }), PLANNED, null);
    expect(spec.notes).toEqual(["Unknown parameter, passed to the model: 'colour'"]);
  });

  it('plans nothing beyond the scaffold where nothing is asked for', () => {
    expect(toPlan(goal(), NOTHING, null)).toMatchObject({ tasks: [], extendsSource: false });
  });

  describe('on source that rests on the scaffold', () => {
    const BOOK = resource('book', 'title');
    const spec = {
      ...toPlan(goal(), { ...NOTHING, database: 'none' }, null).spec,
      features: ['health', 'logging'],
      resources: [BOOK],
    };
    const head = { paths: ['app/main.py'], spec, isGenerated: true };

    it('adds to what the project was built as', () => {
      const planned = {
        ...PLANNED,
        resources: [resource('books', 'pages'), resource('loan', 'due')],
      };
      expect(toPlan(goal(), planned, head)).toMatchObject({
        spec: {
          database: 'none',
          features: ['auth', 'health', 'logging'],
          resources: [BOOK, { name: 'loan' }],
        },
        tasks: [
          'Make sure that the feature search is there, with tests.',
          'Add notes, with tests.',
          expect.stringContaining('"pages"'),
          expect.stringContaining('"due"'),
        ],
        extendsSource: true,
      });
    });

    it('leaves the source alone where it has all that is named', () => {
      const plan = toPlan(
        goal({ database: 'sqlite' }),
        { ...NOTHING, features: ['logging'] },
        head,
      );
      expect(plan).toMatchObject({
        spec: { ...spec, notes: ['This project stays on the database none'] },
        tasks: ['Notes with a search'],
        extendsSource: false,
      });
    });

    it('stays with its framework', () => {
      const planned = { ...PLANNED, language: 'typescript', framework: 'express' };
      expect(toPlan(goal(), planned, head).spec.framework).toBe('fastapi');
      expect(() => toPlan(goal({ framework: 'express' }), planned, head)).toThrow(
        'This project is built with fastapi, and stays so',
      );
    });
  });

  it('makes tasks of all that is named on source of others', () => {
    const head = { paths: ['main.py'], spec: null, isGenerated: false };
    const planned = { ...PLANNED, resources: [resource('book', 'title')] };
    expect(toPlan(goal(), planned, head)).toMatchObject({
      spec: { features: ['health'], resources: [] },
      tasks: [
        'Make sure that the feature auth is there, with tests.',
        'Make sure that the feature search is there, with tests.',
        'Add notes, with tests.',
        expect.stringContaining('"title"'),
      ],
      extendsSource: false,
    });
  });

  it.each([
    ['TypeScript', 'Express', 'express'],
    ['javascript', 'Nest.js', 'nestjs'],
    ['Node.js 20', 'nest', 'nestjs'],
    ['python', 'FastAPI', 'fastapi'],
  ])('reads %s and %s as %s', (language, framework, name) => {
    expect(toPlan(goal(), { ...PLANNED, language, framework }, null).spec.framework).toBe(name);
  });

  it.each([{ language: 'Rust' }, { language: 'Pythonesque' }, { framework: 'flask' }])(
    'refuses %j',
    (other) => {
      expect(() => toPlan(goal(), { ...PLANNED, ...other }, null)).toThrow(BuildStopped);
    },
  );
});

describe(readPlan, () => {
  it('keeps nothing that the database refuses', () => {
    const plan = readPlan({ ...PLANNED, tasks: ['a\u0000b\ud800c'] });
    expect(plan.tasks).toEqual(['abc']);
  });
});
