import { planGoal, type PlanOutcome } from './plan-goal.js';
import { projectSpecSchema } from './project-spec.js';

function plan(goal: string, parameters: Record<string, unknown> = {}): PlanOutcome {
  return planGoal({ projectName: 'my-project', goal, parameters });
}

function specOf(goal: string, parameters: Record<string, unknown> = {}) {
  const outcome = plan(goal, parameters);
  if (!outcome.ok) {
    throw new Error(outcome.error);
  }
  return outcome.spec;
}

function errorOf(goal: string, parameters: Record<string, unknown> = {}): string {
  const outcome = plan(goal, parameters);
  return outcome.ok ? '' : outcome.error;
}

describe(planGoal.name, () => {
  it.each([
    'Add authentication module with JWT support',
    'Add authentication module with JWT',
    'Add authentication module',
    'Add user authentication',
    'Add authentication',
    'login and sign-up with refresh tokens',
    'accounts with roles',
    'Users can register, log in and log out.',
    'I need OAuth2 password flow with role-based access control',
    'JWT auth in FastAPI with health checks, tests and a Dockerfile',
    'Please build me a secure REST API with user accounts & token rotation',
    'SIGN IN / SIGN OUT',
  ])('understands all of "%s" as authentication', (goal) => {
    expect(specOf(goal)).toEqual({
      projectName: 'my-project',
      framework: 'fastapi',
      database: 'sqlite',
      features: ['auth', 'health'],
      resources: [],
      includeTests: true,
      notes: [],
    });
  });

  it('gives a specification that survives a checkpoint', () => {
    const spec = specOf('Add authentication');

    expect(projectSpecSchema.parse(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
  });

  it.each([
    ['using PostgreSQL', 'postgresql'],
    ['on postgres', 'postgresql'],
    ['with SQLite', 'sqlite'],
    ['in memory', 'none'],
    ['without a database', 'none'],
  ])('reads the database of "Add authentication %s"', (words, database) => {
    expect(specOf(`Add authentication ${words}`)).toMatchObject({ database, notes: [] });
  });

  it.each(['without tests', 'no tests', 'but skip the unit tests'])(
    'leaves tests out of "Add authentication %s"',
    (words) => {
      expect(specOf(`Add authentication ${words}`)).toMatchObject({
        features: ['auth', 'health'],
        includeTests: false,
        notes: [],
      });
    },
  );

  it('takes SQLite where no database is named', () => {
    expect(specOf('A FastAPI service with health checks')).toMatchObject({
      features: ['health'],
      database: 'sqlite',
      notes: [],
    });
  });

  it('adds to what the project was built as, and keeps its database', () => {
    const previous = { database: 'postgresql' as const, features: ['auth'] };
    const input = { projectName: 'p', goal: 'Add health checks', parameters: {}, previous };
    expect(planGoal(input)).toMatchObject({
      ok: true,
      spec: { database: 'postgresql', features: ['auth', 'health'] },
    });
    const other = { ...input, parameters: { database: 'none' } };
    expect(planGoal(other)).toMatchObject({ ok: true, spec: { database: 'none' } });
  });

  it('lets parameters win over the sentence', () => {
    const spec = specOf('Add authentication with SQLite and tests, in Express', {
      framework: 'fastapi',
      database: 'postgresql',
      include_tests: false,
      features: ['jwt-auth'],
    });

    expect(spec).toMatchObject({ database: 'postgresql', features: ['auth', 'health'] });
    expect(spec.includeTests).toBe(false);
    expect(spec.notes).toEqual([
      'Asked for more than one framework: built with fastapi, not with express',
      'Asked for more than one database: built for postgresql, not for sqlite',
    ]);
  });

  it('says what parameters.features leaves out of the goal', () => {
    expect(specOf('Add authentication', { features: ['health', 'teleport'] })).toMatchObject({
      features: ['health'],
      notes: [
        "Not available, left out: feature 'teleport'",
        "Left out, since parameters.features doesn't name it: auth",
      ],
    });
  });

  it.each([
    ['Add authentication and send invoices by pigeon', ['send invoices by pigeon']],
    ['Add GraphQX authentication', ['GraphQX']],
    ['Add login. Also: fly to the moon!', ['fly to the moon']],
    ['Authentication, ein Rechnungswesen und mehr', ['ein Rechnungswesen und mehr']],
  ])('lists what it does not understand in "%s"', (goal, texts) => {
    expect(specOf(goal).notes).toEqual(texts.map((text) => `Not understood: '${text}'`));
  });

  it('names known wishes that it can not fulfil', () => {
    expect(specOf('Add login with password reset, CRUD resources and MySQL').notes).toEqual([
      ...['password reset', 'MySQL'].map(
        (text) => `Not available in the offline engine, left out: '${text}'`,
      ),
      "Left out, since the goal doesn't say what to store: 'CRUD resources'",
    ]);
  });

  it('names unknown parameters', () => {
    expect(specOf('Add authentication', { colour: 'blue' }).notes).toEqual([
      "Unknown parameter, not used: 'colour'",
    ]);
  });

  it('takes the resources of the parameters, and says what it leaves out of the goal', () => {
    const field = { name: 'Total', type: 'decimal', required: true };
    const parameters = {
      resources: [
        { name: 'Orders', fields: [field], belongs_to: ['customer'] },
        { name: 'customer' },
      ],
    };

    expect(specOf('Manage products', parameters)).toMatchObject({
      resources: [
        { name: 'customer', fields: [{ name: 'name' }] },
        { name: 'order', belongsTo: ['customer'], fields: [{ name: 'total', required: true }] },
      ],
      notes: [
        "Left out, since parameters.resources doesn't name it: product",
        'No field of customer is known: it has a name',
      ],
    });
  });

  it('refuses resources of the parameters that can not be', () => {
    const parameters = { resources: [{ name: 'order', belongs_to: ['ghost'] }] };

    expect(errorOf('Add authentication', parameters)).toContain(
      'parameters.resources[0].belongs_to[0]: there is no resource ghost: add it, or leave it out here.',
    );
  });

  it('keeps the framework of a project', () => {
    const previous = { framework: 'fastapi' as const };
    const input = { projectName: 'p', goal: 'Add login in NestJS', parameters: {}, previous };

    expect(planGoal(input).ok).toBe(false);
  });

  it.each([
    'Send invoices by pigeon',
    'Predict bank accounts and health of patients',
    'Make it good',
    "Ajoute l'authentification",
    'without authentication',
  ])('refuses "%s", and says what it can build and how to go beyond', (goal) => {
    const error = errorOf(goal);

    expect(error).toContain('Nothing in the goal was understood.');
    expect(error).toContain('services in fastapi');
    expect(error).toContain('LLM_PROVIDER');
  });

  it('says which words it did not understand when it refuses', () => {
    expect(errorOf('Predict bank accounts')).toContain("Not understood: 'Predict bank accounts'");
  });

  it('refuses a framework that it does not have', () => {
    expect(errorOf('Add authentication in Django')).toContain("It can't build with Django.");
    expect(errorOf('Add authentication', { framework: 'django' })).toContain(
      'parameters.framework:',
    );
  });

  it('reads the longest goal that the API takes', () => {
    const spec = specOf(`${'log in and '.repeat(900)}fly`);

    expect(spec.notes).toEqual(["Not understood: 'fly'"]);
  });
});
