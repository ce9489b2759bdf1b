import type { FieldSpec } from './project-spec.js';
import { viewsOf } from './resource-view.js';
import { LongText, sampleValuesOf, type SampleValues } from './sample-values.js';

function samplesOf(changes: Partial<FieldSpec>): SampleValues {
  const field: FieldSpec = { name: 'code', type: 'string', required: true, unique: false };
  const [view] = viewsOf({
    projectName: 'p',
    framework: 'fastapi',
    database: 'none',
    features: ['health'],
    resources: [
      {
        name: 'coupon',
        fields: [{ ...field, ...changes }],
        belongsTo: [],
        readableBy: 'owner',
        deletableBy: 'owner',
      },
    ],
    includeTests: true,
    notes: [],
  });
  const [only] = view?.fields ?? [];
  if (!only) {
    throw new Error('There is no field');
  }
  return sampleValuesOf(only);
}

describe(sampleValuesOf.name, () => {
  it('has both edges of a length', () => {
    expect(samplesOf({ min: 2, max: 9 }).edges).toEqual([new LongText(2), new LongText(9)]);
  });

  it.each([
    ['string', [new LongText(8)]],
    ['integer', [8]],
    ['decimal', [8]],
  ] as const)('has the one edge of a %s once', (type, edges) => {
    expect(samplesOf({ type, min: 8, max: 8 }).edges).toEqual(edges);
  });
});
