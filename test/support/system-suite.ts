import { describeWithRedis } from './redis-server.js';
import { System, type Deployment, type Settings } from './system.js';

const TITLES: Record<Deployment, string> = {
  embedded: 'in one process with its own database',
  distributed: 'on PostgreSQL and Redis, ROLE=api and ROLE=worker apart',
};
/** Long enough for a machine whose first build makes the toolchain. */
export const BUILD_TIMEOUT_MS = 180_000;

/** One suite in several deployments. Each ends with a look through the product's logs for secrets. */
export function describeSystem(
  name: string,
  { settings = {}, deployments = ['embedded', 'distributed'], workers }: SuiteOptions,
  body: (system: System) => void,
): void {
  for (const deployment of deployments) {
    const describeHere = deployment === 'embedded' ? describe : describeWithRedis;
    describeHere(`${name}, ${TITLES[deployment]}`, () => {
      const system = new System(deployment, settings, workers);
      beforeAll(() => system.start(), 120_000);

      body(system);

      it('writes no password, token or JWT to its log', () => {
        const logs = system.logs();
        expect(logs).toContain('Ready: ');
        expect([...system.secrets].filter((secret) => logs.includes(secret))).toEqual([]);
        expect(logs).not.toMatch(/eyJ[\w-]{10,}\.[\w-]+\.[\w-]+/);
      });

      // Behind those of the body, which still need it: jest calls them in this order.
      afterAll(() => system.stop(), 60_000);
    });
  }
}

export interface SuiteOptions {
  settings?: Settings;
  deployments?: Deployment[];
  /** For suites that fill all places: else as many as the run has. */
  workers?: number;
}
