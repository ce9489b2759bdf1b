import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { BubblewrapSandbox, bubblewrapProblem } from '../src/infra/sandbox/bubblewrap-sandbox.js';
import {
  hostProcesses,
  runIn,
  uniqueSeconds,
} from '../src/infra/sandbox/describe-sandbox.contract.js';
import { ProcessSandbox } from '../src/infra/sandbox/process-sandbox.js';
import type { Sandbox } from '../src/infra/sandbox/sandbox.js';
import { ATTACKS, type Attack, type Victims } from './support/sandbox-attacks.js';

const PYTHON = '/usr/bin/python3';
const canRun = bubblewrapProblem() === null && existsSync(PYTHON);

/** Each attack through the real port; what it finds is real and open to everybody. */
(canRun ? describe : describe.skip)('attacks on the sandboxes (bubblewrap)', () => {
  const results = new Map<string, { bubblewrap: string; process: string }>();
  const servers: Server[] = [];
  const sandboxes: ['bubblewrap' | 'process', Sandbox][] = [];
  let folder: string;
  let victims: Victims;

  beforeAll(async () => {
    // Limited processes see another /tmp.
    folder = await mkdtemp('/dev/shm/attacked-');
    const secretFile = join(folder, 'secret');
    const socketPath = join(folder, 'socket');
    await writeFile(secretFile, 'the secret of the host');
    await chmod(folder, 0o777);
    const abstractName = `attacked-${uniqueSeconds()}`;
    const listen = async (server: Server): Promise<Server> => {
      await once(server, 'listening');
      servers.push(server);
      return server;
    };
    const tcp = await listen(createServer().listen(0, '127.0.0.1'));
    await listen(createServer().listen(socketPath));
    await listen(createServer().listen(`\0${abstractName}`));
    await chmod(socketPath, 0o777);
    victims = {
      ...{ secretFile, openFolder: folder, socketPath, abstractName, pid: process.pid },
      ...{ port: (tcp.address() as AddressInfo).port, neighbour: `neighbour-${uniqueSeconds()}` },
    };
    sandboxes.push(
      ['bubblewrap', new BubblewrapSandbox()],
      ['process', new ProcessSandbox({ acceptsUntrusted: true, reason: 'chosen by a test' })],
    );
  });

  afterAll(async () => {
    servers.forEach((server) => server.close());
    await rm(folder, { recursive: true });
    const rows = [...results].map(
      ([name, { bubblewrap, process: limited }]) =>
        `| ${name.padEnd(44)} | ${bubblewrap.padEnd(10)} | ${limited.padEnd(21)} |`,
    );
    process.stdout.write(
      `| ${'attack'.padEnd(44)} | bubblewrap | SANDBOX=none          |\n` +
        `| ${'-'.repeat(44)} | ${'-'.repeat(10)} | ${'-'.repeat(21)} |\n${rows.join('\n')}\n`,
    );
  });

  async function attempt(sandbox: Sandbox, attack: Attack): Promise<string> {
    const program = attack.program(victims);
    const argv = program.startsWith('import') ? [PYTHON, '-c', program] : ['sh', '-c', program];
    const result = await runIn(sandbox, argv, {
      ...{ trust: 'untrusted', limits: { timeoutMs: 20_000, ...attack.limits } },
    });
    const wasReached = result.stdout.subarray(0, 10_000).includes('REACHED');
    return !wasReached && (attack.holds?.(result) ?? true) ? 'contained' : 'succeeds';
  }

  it.each(ATTACKS.map((attack) => [attack.name, attack] as const))(
    'attack: %s',
    async (name, attack) => {
      // Another task runs meanwhile; what it holds is of no concern to this one.
      const row = { bubblewrap: '', process: '' };
      for (const [column, sandbox] of sandboxes) {
        const stop = new AbortController();
        const files = new Map([[victims.neighbour, Buffer.from(victims.neighbour)]]);
        const neighbour = name.includes('another task')
          ? runIn(sandbox, ['sleep', '15'], { files, trust: 'untrusted' }, stop.signal)
          : undefined;
        const isTried = column === 'bubblewrap' || attack.harmsHost === undefined;
        row[column] = isTried ? await attempt(sandbox, attack) : 'not tried';
        stop.abort();
        await neighbour;
      }
      results.set(name, row);
      expect(row.bubblewrap).toBe('contained');
      // Written by the limited process, which may: what bubblewrap lets through is seen above.
      expect(
        (await readdir(folder)).filter((file) => !/^(secret|socket|written|linked)$/.test(file)),
      ).toEqual([]);
    },
    60_000,
  );

  it('attack: outlive the run as a daemon', async () => {
    const seconds = uniqueSeconds();
    const script = `(trap "" TERM HUP; setsid sh -c 'setsid nohup sleep ${seconds} & sleep ${seconds}' &) & sleep 0.2`;
    const row = { bubblewrap: '', process: '' };
    for (const [column, sandbox] of sandboxes) {
      await runIn(sandbox, ['sh', '-c', script], { trust: 'untrusted' });
      row[column] = hostProcesses('sleep', seconds).length === 0 ? 'contained' : 'succeeds';
    }
    results.set('outlive the run as a daemon', row);
    expect(row).toEqual({ bubblewrap: 'contained', process: 'contained' });
  });
});
