import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

interface Audit {
  metadata?: { vulnerabilities: Record<string, number> };
}

describe('supply chain', () => {
  // Asked once, before the tests are named: a registry that doesn't answer leaves one out, and says so.
  const audit = askRegistry();
  const whereItAnswers = audit.metadata ? it : it.skip;

  whereItAnswers('ASVS 14.2.1 npm knows of no weakness in what the product ships', () => {
    const { high, critical, moderate } = audit.metadata?.vulnerabilities ?? {};
    expect({ high, critical, moderate }).toEqual({ high: 0, critical: 0, moderate: 0 });
  });

  it('ASVS 14.2.4 every package is pinned, by version and by digest', () => {
    const { dependencies, devDependencies } = readJson('package.json') as Record<
      string,
      Record<string, string>
    >;
    const versions = Object.entries({ ...dependencies, ...devDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual(
      [],
    );
    const { packages } = readJson('package-lock.json') as {
      packages: Record<
        string,
        { integrity?: string; resolved?: string; link?: boolean; inBundle?: boolean }
      >;
    };
    const loose = Object.entries(packages).filter(
      ([path, each]) =>
        path !== '' && !each.link && !each.inBundle && !/^sha512-/.test(each.integrity ?? ''),
    );
    expect(loose.map(([path]) => path)).toEqual([]);
  });

  it('ASVS 14.2.5 every licence is one that we accept', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/check-licences.mjs'], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  }, 60_000);
});

function askRegistry(): Audit {
  const { stdout } = spawnSync(
    'npm',
    ['audit', '--omit=dev', '--json', '--fetch-retries=0', '--fetch-timeout=15000'],
    {
      ...{ encoding: 'utf8', timeout: 30_000, maxBuffer: 64 * 1024 * 1024 },
    },
  );
  try {
    return JSON.parse(stdout) as Audit;
  } catch {
    return {};
  }
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
