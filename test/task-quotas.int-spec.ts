import type { Principal } from '../src/auth/principal.js';
import { createMigratedDatabase, startKernel, type Kernel } from './support/kernel.js';
import type { TestDatabase } from './support/postgres.js';

const LARGE = { files: { 'a.py': 'x'.repeat(10_000) } };

describe('the quotas of a user', () => {
  let database: TestDatabase;
  let kernel: Kernel;

  beforeAll(async () => {
    database = await createMigratedDatabase();
  });

  afterAll(() => database.drop());

  afterEach(() => kernel.close());

  async function start(env: Record<string, string>): Promise<Principal> {
    kernel = await startKernel(database, env);
    return kernel.addUser('alice');
  }

  it('hold for unfinished tasks that come at once', async () => {
    const alice = await start({ QUOTA_UNFINISHED_TASKS: '5' });

    const ends = await Promise.allSettled(Array.from({ length: 30 }, () => kernel.submit(alice)));

    expect(codesOf(ends)).toEqual([
      ...Array<null>(5).fill(null),
      ...Array<string>(25).fill('conflict'),
    ]);
    await expect(kernel.submit(await kernel.addUser('bob'))).resolves.toBeDefined();
  });

  it('count what tasks bring along as stored, also when they come at once', async () => {
    const alice = await start({ QUOTA_STORED_BYTES: '45KiB' });

    const ends = await Promise.allSettled(
      Array.from({ length: 12 }, () => kernel.submit(alice, { input: LARGE })),
    );

    expect(codesOf(ends)).toEqual([
      ...Array<null>(4).fill(null),
      ...Array<string>(8).fill('payload_too_large'),
    ]);
    await expect(kernel.submit(alice)).resolves.toBeDefined();
  });

  it('count the files, the paths and the rows of snapshots', async () => {
    const alice = await start({ QUOTA_STORED_BYTES: '45KiB' });
    await kernel.db.query({
      text: `
        WITH project AS (
          INSERT INTO projects (id, owner, name) VALUES (gen_random_uuid(), 'alice', 'p') RETURNING id)
        INSERT INTO snapshots (id, project_id, author, file_count, total_bytes, path_bytes)
        SELECT gen_random_uuid(), id, 'alice', 1, 20000, 17000 FROM project`,
    });

    await expect(kernel.submit(alice, { input: LARGE })).rejects.toMatchObject({
      code: 'payload_too_large',
    });

    await kernel.db.query({
      text: 'UPDATE snapshots SET total_bytes = 0, path_bytes = 500, file_count = 230',
    });
    await expect(kernel.submit(alice, { input: LARGE })).rejects.toMatchObject({
      code: 'payload_too_large',
    });

    await kernel.db.query({ text: 'UPDATE snapshots SET path_bytes = 100, file_count = 1' });
    await expect(kernel.submit(alice, { input: LARGE })).resolves.toBeDefined();
    await kernel.db.query({ text: 'TRUNCATE projects CASCADE' });
  });
});

/** `null` where it was accepted; sorted, those first. */
function codesOf(ends: PromiseSettledResult<unknown>[]): (string | null)[] {
  return ends
    .map((end) => (end.status === 'fulfilled' ? null : (end.reason as { code: string }).code))
    .sort((a, b) => (a ?? '').localeCompare(b ?? ''));
}
