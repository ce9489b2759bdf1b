import { normaliseResources } from './normalise-resources.js';
import { resourceSpecSchema, type ResourceSpec } from './project-spec.js';

function aResource(changes: Record<string, unknown> = {}): ResourceSpec {
  return resourceSpecSchema.parse({
    name: 'order',
    fields: [{ name: 'total', type: 'decimal' }],
    ...changes,
  });
}

function problemsOf(...resources: ResourceSpec[]): string[] {
  const { problems } = normaliseResources(resources, { hasAuth: false });
  return problems.map(({ path, message }) => `${path}: ${message}`);
}

function withField(field: Record<string, unknown>): ResourceSpec {
  return aResource({ fields: [field] });
}

describe(normaliseResources.name, () => {
  it('brings names into one form, and parents before their children', () => {
    const given = [
      aResource({ name: 'Orders', belongsTo: ['Customers'] }),
      aResource({ name: 'customer' }),
    ];
    const { resources, notes, problems } = normaliseResources(given, { hasAuth: false });

    expect(resources.map(({ name, belongsTo }) => [name, belongsTo])).toEqual([
      ['customer', []],
      ['order', ['customer']],
    ]);
    expect([notes, problems]).toEqual([[], []]);
  });

  it.each(['from', 'class', 'metadata', 'model_name', 'limit'])(
    'moves the field %s out of the way and says so',
    (name) => {
      const { resources, notes } = normaliseResources([withField({ name, type: 'string' })], {
        hasAuth: false,
      });
      expect(resources[0]?.fields[0]?.name).toBe(`${name}_value`);
      expect(notes).toEqual([
        `The name ${name} is reserved: the field is called order.${name}_value`,
      ]);
    },
  );

  it.each(['class', 'Session', 'queries'])('moves the resource %s out of the way', (name) => {
    const { resources } = normaliseResources([aResource({ name })], { hasAuth: false });
    expect(resources[0]?.name).toMatch(/_record$/);
  });

  it('leaves users to authentication, and to the goal where there is none', () => {
    const given = [aResource({ name: 'user' }), aResource({ belongsTo: ['user'] })];
    const withAuth = normaliseResources(given, { hasAuth: true });
    expect(withAuth.resources.map(({ name, belongsTo }) => [name, belongsTo])).toEqual([
      ['order', []],
    ]);
    expect(withAuth.notes).toEqual([
      'Authentication has its own user: its fields are as they are',
      'With auth every order belongs to the user who made it',
    ]);
    const without = normaliseResources(given, { hasAuth: false });
    expect(without.resources.map(({ name }) => name)).toEqual(['user', 'order']);
  });

  it('keeps the id of a parent apart from that of the user who owns', () => {
    const given = [aResource({ name: 'owner' }), aResource({ name: 'pet', belongsTo: ['owners'] })];
    const shortly = (hasAuth: boolean) => {
      const { resources, notes } = normaliseResources(given, { hasAuth });
      return [...resources.map(({ name, belongsTo }) => [name, ...belongsTo]), notes];
    };

    expect(shortly(true)).toEqual([
      ['owner_record'],
      ['pet', 'owner_record'],
      ['The name owner is taken: the resource is called owner_record'],
    ]);
    expect(shortly(false)).toEqual([['owner'], ['pet', 'owner'], []]);
  });

  it('gives what has no field a name, and says so', () => {
    const { resources, notes } = normaliseResources([aResource({ fields: [] })], {
      hasAuth: false,
    });
    expect(resources[0]?.fields).toEqual([
      { name: 'name', type: 'string', required: true, unique: false },
    ]);
    expect(notes).toEqual(['No field of order is known: it has a name']);
  });

  it('drops the foreign key that a relation adds anyway', () => {
    const order = aResource({
      belongsTo: ['customer'],
      fields: [
        { name: 'customer_id', type: 'uuid' },
        { name: 'total', type: 'decimal' },
      ],
    });
    const { resources } = normaliseResources([aResource({ name: 'customer' }), order], {
      hasAuth: false,
    });
    expect(resources[1]?.fields.map(({ name }) => name)).toEqual(['total']);
  });

  it('refuses what is there twice', () => {
    const twice = { fields: [1, 2].map(() => ({ name: 'total', type: 'decimal' })) };
    expect(problemsOf(aResource(), aResource({ name: 'orders' }))).toEqual([
      '[1].name: there are two resources order',
    ]);
    expect(problemsOf(aResource(twice))).toEqual([
      '[0].fields[1].name: there are two fields total',
    ]);
  });

  it('refuses relations that lead nowhere or in circles', () => {
    expect(problemsOf(aResource({ belongsTo: ['ghost'] }))).toEqual([
      '[0].belongs_to[0]: there is no resource ghost: add it, or leave it out here',
    ]);
    expect(problemsOf(aResource({ belongsTo: ['order'] }))).toEqual([
      "[0].belongs_to[0]: order can't belong to itself: give it a uuid field for the id of the other",
    ]);
    expect(
      problemsOf(
        aResource({ name: 'a', belongsTo: ['b'] }),
        aResource({ name: 'b', belongsTo: ['a'] }),
      ),
    ).toEqual([
      '[0].belongs_to: a belongs to itself, by way of others: only one of two can belong to the other',
      '[1].belongs_to: b belongs to itself, by way of others: only one of two can belong to the other',
    ]);
  });

  it.each([
    [{ name: 'state', type: 'enum' }, 'an enum needs values'],
    [{ name: 'state', type: 'enum', values: ['a', 'a'] }, 'values must differ'],
    [
      { name: 'state', type: 'string', values: ['a'] },
      'only an enum has values, and this is string',
    ],
    [{ name: 'n', type: 'integer', min: 3, max: 2 }, 'min is greater than max'],
    [{ name: 'n', type: 'integer', min: 0.5 }, 'min and max must be whole numbers'],
    [{ name: 'n', type: 'string', max: 300 }, 'min and max must lie between 0 and 255'],
    [{ name: 'n', type: 'date', min: 1 }, 'a field of type date has no min and max'],
    [{ name: 'n', type: 'json', unique: true }, "a field of type json can't be unique"],
    [{ name: 'n', type: 'integer', default: 'x' }, 'the default is no valid integer'],
    [{ name: 'n', type: 'integer', default: 5, max: 4 }, 'the default is no valid integer'],
    [{ name: 'n', type: 'enum', values: ['a'], default: 'b' }, 'the default is no valid enum'],
    [{ name: '-', type: 'integer' }, 'must have 1 to 40 letters and digits'],
    [{ name: 'n'.repeat(41), type: 'integer' }, 'must have 1 to 40 letters and digits'],
  ])('refuses the field %j', (field, message) => {
    expect(problemsOf(withField(field))).toEqual([expect.stringContaining(`: ${message}`)]);
  });
});
