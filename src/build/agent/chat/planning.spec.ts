import { BuildStopped } from '../build-stopped.js';
import { readPlan, toPlan } from './planning.js';

const PLANNED = readPlan({
  language: 'Python 3',
  framework: 'fastapi',
  database: 'sqlite',
  features: ['auth', 'search'],
  tasks: ['Add notes, with tests.'],
});

function goal(parameters: Record<string, unknown> = {}) {
  return { projectName: 'p', goal: 'Notes with a search', parameters };
}

describe(toPlan, () => {
  it('scaffolds what the blueprints have, and makes tasks of the rest', () => {
    expect(toPlan(goal(), PLANNED, false)).toEqual({
      spec: {
        projectName: 'p',
        framework: 'fastapi',
        database: 'sqlite',
        features: ['auth', 'health'],
        resources: [],
        includeTests: true,
        notes: [],
      },
      tasks: ['Add the feature search, with tests.', 'Add notes, with tests.'],
    });
  });

  it('lets parameters win over what the model read', () => {
    const parameters = { database: 'none', features: ['health'], include_tests: false };
    expect(toPlan(goal(parameters), PLANNED, false)).toMatchObject({
      spec: { database: 'none', features: ['health'], includeTests: false },
      tasks: ['Add notes, with tests.'],
    });
  });

  it('names parameters that nobody knows', () => {
    const { spec } = toPlan(goal({ colour: 'red', max_calls: 3, resources: [] }), PLANNED, false);
    expect(spec.notes).toEqual(["Unknown parameter, passed to the model: 'colour'"]);
  });

  it.each([
    [false, []],
    [true, ['Notes with a search']],
  ])('with source (%p) and nothing planned has the tasks %j', (hasSource, tasks) => {
    const nothing = { ...PLANNED, features: [], tasks: [] };
    expect(toPlan(goal(), nothing, hasSource).tasks).toEqual(tasks);
  });

  it.each([
    ['TypeScript', 'Express', 'express'],
    ['javascript', 'Nest.js', 'nestjs'],
    ['Node.js 20', 'nest', 'nestjs'],
    ['python', 'FastAPI', 'fastapi'],
  ])('reads %s and %s as %s', (language, framework, name) => {
    expect(toPlan(goal(), { ...PLANNED, language, framework }, false).spec.framework).toBe(name);
  });

  it.each([{ language: 'Rust' }, { language: 'Pythonesque' }, { framework: 'flask' }])(
    'refuses %j',
    (other) => {
      expect(() => toPlan(goal(), { ...PLANNED, ...other }, false)).toThrow(BuildStopped);
    },
  );
});

describe(readPlan, () => {
  it('keeps nothing that the database refuses', () => {
    const plan = readPlan({ ...PLANNED, tasks: ['a\u0000b\ud800c'] });
    expect(plan.tasks).toEqual(['abc']);
  });
});
