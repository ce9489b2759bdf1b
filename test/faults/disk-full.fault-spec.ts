import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { mkdir, open, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASE_MS } from './fault-form.js';
import { FaultSystem } from './fault-system.js';
import { answered, doHarm, inThisForm, type Harm } from './harm.js';
import { waitUntil } from './wait-until.js';

/** Room for a cluster, and for what readiness wants to be free. */
const SIZE_MIB = 600;
const INODES = 10_000;
/** Together more than the log that PostgreSQL has made room for already: the last of them ends it. */
const NOTE_BYTES = 4 * 1024 * 1024;
const NOTES = 64;

/** The product with its embedded database on a small disk of its own. */
class SmallDiskSystem extends FaultSystem {
  get disk(): string {
    return join(this.folder, 'data');
  }

  protected override async removeFolder(): Promise<void> {
    execFileSync('umount', [this.disk]);
    await super.removeFolder();
  }

  protected override async prepare(): Promise<void> {
    mkdirSync(this.disk);
    mount(this.disk);
    await super.prepare();
  }
}

const describeWithMount = mayMount() ? describe : describe.skip;

describeWithMount('a small disk for DATA_DIR (where a tmpfs may be mounted)', () => {
  const system = new SmallDiskSystem({ deployment: 'embedded' });
  beforeAll(() => system.start(), 120_000);
  afterAll(() => system.stop(), 60_000);

  const filler = () => join(system.disk, 'filler');

  const unready = async (): Promise<void> => {
    await waitUntil('readiness to tell of the disk', async () => {
      const { body } = await system.request<{ checks: object }>('GET', '/api/health/ready');
      return 'disk' in body.checks && body.checks.disk === 'unhealthy';
    });
  };

  /** Until the database can't write its log any more, which it does not survive. */
  const writeUntilItEnds = async () => {
    for (let note = 1; note <= NOTES; note += 1) {
      await system.query(`SELECT pg_logical_emit_message(false, 'faults', repeat('x', $1::int))`, [
        NOTE_BYTES,
      ]);
    }
  };

  const harms: Harm[] = [
    {
      name: 'disk of DATA_DIR full',
      strike: async () => {
        await fill(filler());
        await expect(writeUntilItEnds()).rejects.toThrow();
      },
      meanwhile: unready,
      mend: () => rm(filler()),
    },
    {
      name: 'inodes of DATA_DIR used up',
      isInFullFormOnly: true,
      strike: async () => {
        await useUpInodes(filler());
        await expect(writeUntilItEnds()).rejects.toThrow();
      },
      meanwhile: unready,
      mend: () => rm(filler(), { recursive: true }),
    },
  ];

  it.each(inThisForm(harms))(
    'says what is wrong, loses nothing, and goes on when there is room: $name',
    async (harm) => {
      await doHarm(system, harm, (visitor) => {
        const { reads, creates, liveness, readiness, retryAfters } = answered(visitor);
        expect([200, 503]).toEqual(expect.arrayContaining(reads));
        expect([202, 503]).toEqual(expect.arrayContaining(creates));
        expect(['5']).toEqual(expect.arrayContaining(retryAfters));
        expect(liveness).toEqual([200]);
        expect(readiness).toContain(503);
      });
    },
    CASE_MS,
  );
});

async function fill(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (const size of [1024 * 1024, 4096]) {
      await untilNoRoom(() => file.writeFile(Buffer.alloc(size)));
    }
  } finally {
    await file.close();
  }
}

async function useUpInodes(folder: string): Promise<void> {
  await mkdir(folder);
  const { ffree } = await statfs(folder);
  for (let number = 1; number < ffree; number += 1) {
    await writeFile(join(folder, String(number)), '');
  }
  let number = 0;
  await untilNoRoom(() => writeFile(join(folder, `last-${(number += 1)}`), ''));
}

async function untilNoRoom(write: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await write();
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' });
      return;
    }
  }
}

function mount(folder: string): void {
  const options = `size=${SIZE_MIB}m,nr_inodes=${INODES},mode=711`;
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
}

function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'goalsmith-mount-'));
  try {
    mount(folder);
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
}
