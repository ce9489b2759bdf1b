import type { Account } from '../support/system-client.js';
import { QUICK_BUILD } from '../support/system-build.js';
import { StreamWatcher } from '../support/stream-watcher.js';
import { CASE_MS } from './fault-form.js';
import type { FaultSystem } from './fault-system.js';
import { waitUntil } from './wait-until.js';

export type Kind = 'build' | 'analysis';

/** What was answered with 202. */
export interface AcceptedTask {
  id: string;
  kind: Kind;
  account: Account;
}

export interface TaskBody {
  project_name: string;
  [name: string]: unknown;
}

/** Tasks of several users, and what is known of them from the answers alone. */
export class Batch {
  readonly accepted: AcceptedTask[] = [];
  private made = 0;

  /** @param name Begins the names of its projects: another one for each batch of a suite. */
  constructor(
    private readonly system: FaultSystem,
    private readonly accounts: readonly Account[],
    private readonly name: string,
  ) {}

  get ids(): string[] {
    return this.accepted.map(({ id }) => id);
  }

  /** Of code that no engine has seen: about half a second of work each. */
  analyses(count: number): Promise<AcceptedTask[]> {
    return this.many(count, () => this.post('analysis', this.analysisBody()));
  }

  /** In a project of its own each, with types, lint and a smoke start, but no tests. */
  builds(count: number, body: object = {}): Promise<AcceptedTask[]> {
    return this.many(count, () => this.post('build', { ...this.buildBody(), ...body }));
  }

  /** Builds that the offline engine refuses at once: what is left is the queue's own work. */
  refused(count: number): Promise<AcceptedTask[]> {
    return this.builds(count, { goal: 'zzz' });
  }

  async post(kind: Kind, body: object): Promise<AcceptedTask> {
    const task = await this.tryPost(kind, body);
    if (!task) {
      throw new Error(`A ${kind} was not accepted`);
    }
    return task;
  }

  /** @returns `null` where it was not accepted, which is no loss. */
  async tryPost(kind: Kind, body: object, headers = {}): Promise<AcceptedTask | null> {
    const account = this.nextAccount();
    const { token } = account;
    const reply = await this.system
      .request<{
        task_id?: string;
        analysis_id?: string;
      }>('POST', `/api/${kind}/`, { token, body, headers })
      .catch(() => null);
    const id = reply?.body.task_id ?? reply?.body.analysis_id;
    if (reply?.status !== 202 || id === undefined) {
      return null;
    }
    const task = { id, kind, account };
    this.accepted.push(task);
    return task;
  }

  /** Waits until each of them has ended. */
  async ended(): Promise<void> {
    await waitUntil(
      'all accepted tasks to end',
      async () => {
        const [row] = await this.system.query<{ open: number }>(
          `SELECT count(*)::int AS open FROM tasks WHERE id = ANY($1::uuid[]) AND finished_at IS NULL`,
          [this.ids],
        );
        return row?.open === 0;
      },
      CASE_MS / 2,
    );
  }

  cancel({ id, kind, account: { token } }: AcceptedTask) {
    return this.system.request('DELETE', `/api/${kind}/${id}`, { token });
  }

  /** @param origin Of one API, where it matters which. */
  watch({ id, kind, account }: AcceptedTask, since = 0, origin = this.system.url): StreamWatcher {
    const url = `${origin.replace('http:', 'ws:')}/api/ws/${kind}/${id}`;
    return new StreamWatcher(`${url}?token=${account.token}&since=${since}`);
  }

  analysisBody(): TaskBody {
    const number = this.count();
    return {
      project_name: `${this.name}-${number}`,
      files: { 'app/main.py': codeOf(`${this.name}_${number}`.replaceAll('-', '_')) },
      analysis_types: ['quality', 'security'],
    };
  }

  buildBody(): TaskBody {
    return { ...QUICK_BUILD, project_name: `${this.name}-${this.count()}` };
  }

  private count(): number {
    return (this.made += 1);
  }

  private async many(
    count: number,
    post: () => Promise<AcceptedTask>,
    atOnce = 8,
  ): Promise<AcceptedTask[]> {
    const tasks: AcceptedTask[] = [];
    while (tasks.length < count) {
      const batch = Array.from({ length: Math.min(atOnce, count - tasks.length) }, post);
      tasks.push(...(await Promise.all(batch)));
    }
    return tasks;
  }

  private nextAccount(): Account {
    const account = this.accounts[this.accepted.length % this.accounts.length];
    if (!account) {
      throw new Error('A batch needs an account');
    }
    return account;
  }
}

function codeOf(name: string): string {
  return `import os
import subprocess


def run_${name}(command, seen=[]):
    seen.append(os.getcwd())
    subprocess.run(command, shell=True, check=True)
    return seen


def find_${name}(conn, name):
    return conn.execute(f"SELECT * FROM users WHERE name = '{name}'")
`;
}
