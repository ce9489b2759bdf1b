import type { ArgumentMetadata, Type } from '@nestjs/common';
import { IsIn, IsObject, IsOptional } from 'class-validator';
import { ApiError } from '../api-error.js';
import {
  HasCodePoints,
  IsGoal,
  IsListOf,
  IsNested,
  IsProjectName,
  KeepUnknown,
  MayBeAbsent,
  Verbatim,
} from './decorators.js';
import { PageQuery } from './page-query.dto.js';
import { RequestValidationPipe } from './validation.pipe.js';

class FieldDto {
  @HasCodePoints(1, 10)
  name!: string;

  @MayBeAbsent()
  @IsIn(['string', 'text'], { message: 'must be string or text' })
  type?: string;
}

@KeepUnknown()
class ParametersDto {
  @IsOptional()
  @IsListOf(() => FieldDto, 3)
  resources?: FieldDto[];
}

class TaskDto {
  @IsProjectName()
  project_name!: string;

  @IsGoal()
  goal!: string;

  @IsOptional()
  @IsNested(() => ParametersDto)
  parameters?: ParametersDto;

  @IsOptional()
  @Verbatim()
  @IsObject()
  files?: Record<string, string>;
}

const pipe = new RequestValidationPipe();
const valid = { project_name: 'my-project', goal: 'Add authentication' };

function send(
  value: unknown,
  metatype: Type<unknown> = TaskDto,
  type: ArgumentMetadata['type'] = 'body',
) {
  return pipe.transform(value, { type, metatype });
}

async function refusal(sent: Promise<unknown>) {
  const error: unknown = await sent.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) {
    throw new Error(`not refused with an ApiError: ${String(error)}`);
  }
  return { code: error.code, errors: error.errors };
}

const unfit = (...errors: [field: string, message: string][]) => ({
  code: 'validation_error',
  errors: errors.map(([field, message]) => ({ field, message })),
});
const bad = { code: 'bad_request', errors: undefined };

describe(RequestValidationPipe.name, () => {
  it('makes an instance of the DTO', async () => {
    const dto = await send({ ...valid, parameters: { resources: [{ name: 'a' }] } });
    expect(dto).toBeInstanceOf(TaskDto);
    expect(dto).toEqual({ ...valid, parameters: { resources: [{ name: 'a' }] } });
  });

  it('names every field that fails, by its path on the wire', async () => {
    const body = { goal: 1, parameters: { resources: [{ name: 'a' }, { type: 'blob' }] } };
    expect(await refusal(send(body))).toEqual(
      unfit(
        ['project_name', 'is required'],
        ['goal', 'must be a string'],
        ['parameters.resources[1].name', 'is required'],
        ['parameters.resources[1].type', 'must be string or text'],
      ),
    );
  });

  it.each([
    ['nothing', undefined, ['project_name', 'is required'], ['goal', 'is required']],
    ['a list', [valid], ['', 'must be an object']],
    ['null fields', { project_name: null, goal: 'x' }, ['project_name', 'must be a string']],
    ['an unknown field', { ...valid, role: 'admin' }, ['role', 'is not a known field']],
    [
      'an unknown nested field',
      { ...valid, parameters: { resources: [{ name: 'a', admin: true }] } },
      ['parameters.resources[0].admin', 'is not a known field'],
    ],
    ['an empty goal', { ...valid, goal: '' }, ['goal', 'must have 1 to 10000 characters']],
  ] as [string, unknown, ...[string, string][]][])('refuses %s', async (_, body, ...errors) => {
    expect(await refusal(send(body))).toEqual(unfit(...errors));
  });

  it.each([['x'], [null], [[]], [{}, {}, {}, {}], 'x', { name: 'a' }].map((list) => [list]))(
    'refuses the list %j',
    async (resources) => {
      const { errors } = await refusal(send({ ...valid, parameters: { resources } }));
      expect(errors).toContainEqual({
        field: 'parameters.resources',
        message: 'must be a list of at most 3 objects',
      });
    },
  );

  it.each([['x'], [1], [[]], [[{}]]])('refuses the nested object %j', async (parameters) => {
    expect(await refusal(send({ ...valid, parameters }))).toEqual(
      unfit(['parameters', 'must be an object']),
    );
  });

  it('keeps unknown fields where the DTO says so', async () => {
    const parameters = { framework: 'fastapi', depth: { a: [1] } };
    expect(await send({ ...valid, parameters })).toEqual({ ...valid, parameters });
  });

  it('takes verbatim fields as they came', async () => {
    const files = { toString: 'a', valueOf: 'b', 'a.py': 'c' };
    expect(await send({ ...valid, files })).toEqual({ ...valid, files });
  });

  it.each(['..', 'a..b', '', '-a', '.a', 'a b', 'a/b', 'a\n', 'é', 'a'.repeat(101)])(
    'refuses the project name %j as dangerous, whatever else is wrong',
    async (project_name) => {
      expect(await refusal(send({ project_name, role: 1 }))).toEqual(bad);
    },
  );

  it.each(['a', '0', 'A.b_c-1', 'a'.repeat(100)])('takes the project name %j', async (name) => {
    await expect(send({ ...valid, project_name: name })).resolves.toBeInstanceOf(TaskDto);
  });

  it.each(['\u0001', 'a\u001b[31m', '\u007f', '\u009b', `\u0008${'a'.repeat(10_001)}`])(
    'refuses the control characters of goal %#',
    async (goal) => {
      expect(await refusal(send({ ...valid, goal }))).toEqual(bad);
    },
  );

  it.each([
    'a',
    'one\ttwo\r\nthree',
    `'; DROP TABLE users; -- <script>"\`$(id)`,
    '日本語 العربية 👩‍👩‍👧',
    '😀'.repeat(10_000),
  ])('takes goal %#', async (goal) => {
    expect(await send({ ...valid, goal })).toEqual({ ...valid, goal });
  });

  it.each(['a'.repeat(10_001), '😀'.repeat(10_001)])('counts characters, goal %#', async (goal) => {
    expect(await refusal(send({ ...valid, goal }))).toEqual(
      unfit(['goal', 'must have 1 to 10000 characters']),
    );
  });

  it.each([
    ['NUL in a value', { ...valid, goal: 'a\0' }],
    ['NUL in a key', { ...valid, files: { 'a\0': '' } }],
    ['a lone surrogate', { ...valid, goal: '\ud800' }],
    ['a lone surrogate in a list', { ...valid, x: [['\udc00a']] }],
    ['__proto__', JSON.parse('{"parameters":{"__proto__":{"role":"admin"}}}')],
    ['constructor', { ...valid, parameters: { constructor: 1 } }],
    ['deep nesting', JSON.parse(`{"parameters":${'['.repeat(5000)}${']'.repeat(5000)}}`)],
  ])('refuses %s as dangerous', async (_, body: unknown) => {
    expect(await refusal(send(body))).toEqual(bad);
  });

  it('looks at parameters without a schema too, but not at those of custom decorators', async () => {
    expect(await refusal(send('a\0', String, 'param'))).toEqual(bad);
    await expect(send('alice', String, 'param')).resolves.toBe('alice');
    await expect(send({ deep: '\0' }, Object, 'custom')).resolves.toEqual({ deep: '\0' });
  });
});

describe(PageQuery.name, () => {
  const page = (query: object) => send(query, PageQuery, 'query');

  it('has defaults, and drops what others add to a link', async () => {
    expect(await page({})).toEqual({ limit: 20, offset: 0 });
    expect(await page({ utm_source: 'x', offset: '7' })).toEqual({ limit: 20, offset: 7 });
    expect(await page({ limit: '100', offset: '0' })).toEqual({ limit: 100, offset: 0 });
  });

  it.each(['0', '101', '-1', 'abc', '1.5', '', ' 1', '1e1', '0x10', ['1', '2'], ['1']])(
    'refuses limit=%j',
    async (limit) => {
      expect(await refusal(page({ limit }))).toEqual(
        unfit(['limit', 'must be a whole number from 1 to 100']),
      );
    },
  );

  it.each(['-1', '', '99999999999999999999', 'x', ['0', '0']])(
    'refuses offset=%j',
    async (offset) => {
      expect(await refusal(page({ offset }))).toEqual(
        unfit(['offset', 'must be a whole number of 0 or more']),
      );
    },
  );
});
