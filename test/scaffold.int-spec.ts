import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import type { Principal } from '../src/auth/principal.js';
import { Build } from '../src/build/build.entity.js';
import type { BuildStateValue } from '../src/build/agent/build-state.js';
import { CheckRunner } from '../src/build/agent/check-runner.js';
import type { BuildRun } from '../src/build/agent/nodes/build-run.js';
import { planNode } from '../src/build/agent/nodes/plan-node.js';
import { scaffoldNode } from '../src/build/agent/nodes/scaffold-node.js';
import { verifyNode } from '../src/build/agent/nodes/verify-node.js';
import { OfflineCodeModel } from '../src/build/agent/offline-code-model.js';
import { ProjectChecks } from '../src/build/verify/project-checks.js';
import { Verifier } from '../src/build/verify/verifier.js';
import { loadConfig } from '../src/config/load-config.js';
import { Database } from '../src/infra/database/database.js';
import { dataSourceOptions } from '../src/infra/database/data-source-options.js';
import { ProcessSandbox } from '../src/infra/sandbox/process-sandbox.js';
import { SandboxRefused } from '../src/infra/sandbox/sandbox.js';
import { PROJECT_ENTITIES } from '../src/projects/projects.module.js';
import { Snapshot } from '../src/projects/snapshots/snapshot.entity.js';
import { SnapshotStore } from '../src/projects/snapshots/snapshot-store.js';
import type { TaskContext } from '../src/tasks/task-processor.js';
import { NodeToolchain } from '../src/toolchains/node-toolchain.js';
import { PythonToolchain } from '../src/toolchains/python-toolchain.js';
import { createMigratedDatabase, startKernel, type Kernel, type Sample } from './support/kernel.js';
import type { TestDatabase } from './support/postgres.js';

/** What runs where nothing is isolated has to have come from the blueprints to the last byte. */
describe(scaffoldNode.name, () => {
  let database: TestDatabase;
  let kernel: Kernel;
  let dataSource: DataSource;
  let snapshots: SnapshotStore;
  let alice: Principal;

  beforeAll(async () => {
    database = await createMigratedDatabase();
    kernel = await startKernel(database);
    dataSource = await new DataSource(
      dataSourceOptions(database.url, 4, PROJECT_ENTITIES),
    ).initialize();
    const repository = dataSource.getRepository(Snapshot);
    snapshots = new SnapshotStore(new Database(dataSource), loadConfig({}), repository);
    alice = await kernel.addUser('alice');
  });

  afterAll(async () => {
    await kernel.close();
    await dataSource.destroy();
    await database.drop();
  });

  /** Runs `work` as the task of a build with the offline engine. */
  async function asBuild<T>(goal: string, work: (run: BuildRun) => Promise<T>): Promise<T> {
    let result: Promise<T> | undefined;
    const runner = kernel.createRunner(async (task, context) => {
      result = runOf(task, context, goal).then(work);
      await result.catch(() => undefined);
      return { results: {} };
    });

    const id = (await kernel.submit(alice)).id;
    await runner.run({ kind: 'sample', taskId: id });
    if (!result) {
      throw new Error('The task did not run');
    }
    return result;
  }

  async function runOf(task: Sample, context: TaskContext, goal: string): Promise<BuildRun> {
    const parameters = { database: 'none', include_tests: false };
    const session = await new OfflineCodeModel().begin({ projectName: 'p', goal, parameters });
    const build = Object.assign(new Build(), { ...task, input: { goal, parameters } });
    return { build, context, session, trust: 'blueprint', snapshots };
  }

  function scaffold(goal: string): Promise<BuildStateValue> {
    return asBuild(goal, async (run) => {
      const planned = (await planNode(run)({} as BuildStateValue)) as BuildStateValue;
      const state = { ...planned, ...(await scaffoldNode(run)(planned)) };
      await moveHead(state.snapshotId ?? '');
      return state;
    });
  }

  function moveHead(snapshotId: string): Promise<void> {
    return kernel.db.transaction(async (tx) => {
      const project = await snapshots.ensureProject(tx, 'alice', 'p');
      await snapshots.moveHead(tx, project.id, snapshotId);
    });
  }

  async function edit(): Promise<void> {
    await kernel.db.transaction(async (tx) => {
      const { id, headSnapshotId } = await snapshots.ensureProject(tx, 'alice', 'p');
      const files = await snapshots.read(headSnapshotId ?? '');
      const snapshotId = await snapshots.write(tx, {
        projectId: id,
        parentId: headSnapshotId,
        taskId: null,
        author: 'alice',
        files: files.set('app/own.py', Buffer.from('import os\n')),
        generation: 'inherited',
      });
      await snapshots.moveHead(tx, id, snapshotId);
    });
  }

  it("trusts the engine's own text alone", async () => {
    const first = await scaffold('Health probes');
    const second = await scaffold('Authentication with JWT');
    await edit();
    const merged = await scaffold('Health probes');
    const onMerged = await scaffold('Health probes');

    const trusts = [first, second, merged, onMerged].map(({ trust }) => trust);
    expect(trusts).toEqual(['blueprint', 'blueprint', 'untrusted', 'untrusted']);
    expect(second.generatedId).toBe(second.snapshotId);
    expect(merged.generatedId).not.toBe(merged.snapshotId);

    const sandbox = new ProcessSandbox({ acceptsUntrusted: false, reason: 'there is none' });
    const config = loadConfig({ TOOLCHAIN_DIR: join(tmpdir(), 'goalsmith-test-toolchains') });
    const toolchains = new ProjectChecks(new PythonToolchain(config), new NodeToolchain(config));
    const checks = new CheckRunner(toolchains, new Verifier(sandbox, config));
    await expect(
      asBuild('Health probes', (run) => verifyNode(run, checks)(merged)),
    ).rejects.toThrow(SandboxRefused);
  }, 120_000);
});
