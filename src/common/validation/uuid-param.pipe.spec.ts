import { UuidParam } from './uuid-param.pipe.js';

const metadata = { type: 'param', data: 'task_id' } as const;

describe(UuidParam.name, () => {
  it('takes a UUID in either case', () => {
    const id = '550E8400-e29b-41d4-a716-446655440000';
    expect(new UuidParam().transform(id, metadata)).toBe(id.toLowerCase());
  });

  it.each([
    '',
    'abc',
    '550e8400e29b41d4a716446655440000',
    '{550e8400-e29b-41d4-a716-446655440000}',
  ])('refuses %j and names the parameter', (id) => {
    expect(() => new UuidParam().transform(id, metadata)).toThrow(
      expect.objectContaining({
        code: 'validation_error',
        errors: [{ field: 'task_id', message: 'must be a UUID' }],
      }),
    );
  });
});
