import { CAPABILITIES } from '../blueprints/capabilities.js';
import { FIELD_TYPES } from '../blueprints/project-spec.js';
import { matrixOf, subsetOf } from './matrix.js';

describe(matrixOf, () => {
  it.each(CAPABILITIES.map((each) => [each.name, each] as const))(
    'covers %s',
    (_, capabilities) => {
      const specs = matrixOf(capabilities);
      const types = new Set(
        specs.flatMap(({ resources }) =>
          resources.flatMap(({ fields }) => fields.map((field) => field.type)),
        ),
      );

      expect([...types].sort()).toEqual([...FIELD_TYPES].sort());
      expect(new Set(specs.map(({ database }) => database))).toEqual(
        new Set(capabilities.databases),
      );
      expect(specs.flatMap(({ notes }) => notes.filter((note) => note.startsWith('Not ')))).toEqual(
        [],
      );
      expect(subsetOf(specs).map(({ includeTests }) => includeTests)).toEqual(
        capabilities.databases.map(() => true),
      );
      const withoutTests = specs.filter(({ includeTests }) => !includeTests);
      expect(withoutTests.map(({ resources }) => resources.length)).toEqual([4]);
    },
  );
});
