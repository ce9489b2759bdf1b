import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { SETTINGS } from '../src/config/settings.js';

const ROOT = 'deploy/kubernetes';
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  spec: Record<string, unknown>;
  data?: Record<string, string>;
  stringData?: Record<string, string>;
}

interface Container {
  name: string;
  image: string;
  env?: { name: string; value: string }[];
  envFrom?: object[];
  securityContext?: object;
  resources?: { requests?: object; limits?: object };
  volumeMounts?: { name: string; mountPath: string }[];
  startupProbe?: Probe;
  livenessProbe?: Probe;
  readinessProbe?: Probe;
}

interface Probe {
  httpGet: { path: string; port: string };
}

interface PodSpec {
  serviceAccountName: string;
  automountServiceAccountToken: boolean;
  securityContext: object;
  terminationGracePeriodSeconds?: number;
  containers: Container[];
  volumes: { name: string }[];
}

interface Workload extends Manifest {
  spec: {
    selector?: { matchLabels: Record<string, string> };
    template: { metadata: { labels: Record<string, string> }; spec: PodSpec };
  };
}

const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.yaml'),
);
const base = files.filter((path) => path.startsWith('base/') && !path.includes('kustomization'));
const manifests = base.flatMap(read);
const workloads = manifests.filter(isWorkload);
const containers = workloads.flatMap((workload) =>
  workload.spec.template.spec.containers.map((container) => ({ workload, container })),
);

function read(path: string): Manifest[] {
  return loadAll(readFileSync(join(ROOT, path), 'utf8')) as Manifest[];
}

function isWorkload(manifest: Manifest): manifest is Workload {
  return ['Deployment', 'Job'].includes(manifest.kind);
}

function named(kind: string): string[] {
  return manifests.filter((each) => each.kind === kind).map((each) => each.metadata.name);
}

describe('the Kubernetes base', () => {
  it('has all that it takes', () => {
    expect(named('Deployment')).toEqual(['goalsmith-api', 'goalsmith-worker']);
    expect(named('Job')).toEqual(['goalsmith-migrations']);
    expect(named('Service')).toEqual(['goalsmith-api', 'goalsmith-worker']);
    expect(named('PodDisruptionBudget')).toEqual(['goalsmith-api', 'goalsmith-worker']);
    expect(named('HorizontalPodAutoscaler')).toEqual(['goalsmith-api']);
    expect(named('ServiceAccount')).toEqual(['goalsmith']);
    expect(named('NetworkPolicy')).toContain('goalsmith-deny-all');
  });

  it('lists each of its files, and none that is missing', () => {
    const { resources } = load(readFileSync(join(ROOT, 'base/kustomization.yaml'), 'utf8')) as {
      resources: string[];
    };
    expect(resources.map((path) => `base/${path}`).sort()).toEqual(base.sort());
  });

  it('runs one image everywhere, that of this version', () => {
    expect(new Set(containers.map(({ container }) => container.image))).toEqual(
      new Set(['goalsmith']),
    );
    const tags = files
      .filter((path) => path.endsWith('kustomization.yaml'))
      .flatMap((path) => {
        const { images = [] } = load(readFileSync(join(ROOT, path), 'utf8')) as {
          images?: { newTag: string }[];
        };
        return images.map((image) => image.newTag);
      });
    expect(new Set(tags)).toEqual(new Set([version]));
    expect(readFileSync('compose.yaml', 'utf8')).toContain(`image: goalsmith:${version}\n`);
  });

  it.each(
    containers.map(({ workload, container }) => [workload.metadata.name, workload, container]),
  )(
    '%s: no root, no privilege, no token, nothing written but its volumes, and limits',
    (_, workload, container) => {
      const pod = (workload as Workload).spec.template.spec;
      expect(pod).toMatchObject({
        serviceAccountName: 'goalsmith',
        automountServiceAccountToken: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 1000,
          seccompProfile: { type: 'RuntimeDefault' },
        },
      });
      const { securityContext, resources, volumeMounts } = container as Container;
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(resources).toEqual({
        requests: { cpu: expect.anything() as string, memory: expect.anything() as string },
        limits: { cpu: expect.anything() as string, memory: expect.anything() as string },
      });
      expect(volumeMounts?.map((mount) => mount.mountPath)).toEqual(['/data', '/tmp']);
      expect(volumeMounts?.map((mount) => mount.name).sort()).toEqual(
        pod.volumes.map((volume) => volume.name).sort(),
      );
    },
  );

  it('names no number of replicas where an autoscaler does', () => {
    const scaled = manifests.flatMap(({ kind, spec }) =>
      kind === 'HorizontalPodAutoscaler' ? (spec['scaleTargetRef'] as { name: string }).name : [],
    );
    const counted = workloads.filter(({ spec }) => 'replicas' in spec);
    expect(counted.map(({ metadata }) => metadata.name)).toEqual(['goalsmith-worker']);
    expect(scaled).toEqual(['goalsmith-api']);
    expect(read('components/keda/kustomization.yaml')[0]).toMatchObject({
      patches: [
        {
          target: { kind: 'Deployment', name: 'goalsmith-worker' },
          patch: expect.stringMatching(/op: remove\n\s+path: \/spec\/replicas/) as string,
        },
      ],
    });
  });

  it('probes what the server answers', () => {
    const served = containers.filter(({ workload }) => workload.kind === 'Deployment');
    for (const { container } of served) {
      expect([
        container.startupProbe?.httpGet,
        container.livenessProbe?.httpGet,
        container.readinessProbe?.httpGet,
      ]).toEqual([
        { path: '/api/health/live', port: 'http' },
        { path: '/api/health/live', port: 'http' },
        { path: '/api/health/ready', port: 'http' },
      ]);
    }
  });

  it('gives running tasks longer to stop than the server takes', () => {
    for (const { spec } of workloads.filter((each) => each.kind === 'Deployment')) {
      expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(30);
    }
  });

  it('selects what it starts, and what is not its own never', () => {
    const labels = workloads.map((each) => each.spec.template.metadata.labels);
    for (const { spec } of workloads.filter((each) => each.kind === 'Deployment')) {
      expect(spec.template.metadata.labels).toMatchObject(
        spec.selector?.matchLabels ?? { none: '' },
      );
    }
    const texts = base.map((path) => readFileSync(join(ROOT, path), 'utf8')).join('\n');
    const components = [...texts.matchAll(/app\.kubernetes\.io\/component: (\S+)/g)].map(
      ([, name]) => name,
    );
    expect(new Set(components)).toEqual(
      new Set(labels.map((each) => each['app.kubernetes.io/component'])),
    );
  });
});

describe('deployments', () => {
  it('name no setting that there is not', () => {
    const known = new Set(Object.keys(SETTINGS));
    const names = [
      ...containers.flatMap(({ container }) => (container.env ?? []).map((each) => each.name)),
      ...files
        .filter((path) => path.startsWith('components/') && path.endsWith('worker.yaml'))
        .flatMap(read)
        .filter(isWorkload)
        .flatMap((each) => each.spec.template.spec.containers)
        .flatMap((container) => (container.env ?? []).map((each) => each.name)),
      ...manifests.flatMap((each) => Object.keys(each.data ?? {})),
      ...read('secret.example.yaml').flatMap((each) => Object.keys(each.stringData ?? {})),
      ...composeEnvironment(),
    ];
    expect(names.length).toBeGreaterThan(20);
    expect(
      names.map((name) => name.replace(/_FILE$/, '')).filter((name) => !known.has(name)),
    ).toEqual([]);
  });

  it('keep secrets out of what is no secret', () => {
    const secret = Object.entries(SETTINGS)
      .filter(([, setting]) => 'secret' in setting && setting.secret)
      .map(([name]) => name);
    const open = manifests.flatMap((each) => Object.keys(each.data ?? {}));
    expect(open.filter((name) => secret.includes(name))).toEqual([]);
  });

  it('have overlays and components whose files exist', () => {
    for (const path of files.filter((each) => each.endsWith('kustomization.yaml'))) {
      const kustomization = load(readFileSync(join(ROOT, path), 'utf8')) as {
        resources?: string[];
        components?: string[];
        patches?: { path?: string }[];
      };
      const paths = [
        ...(kustomization.resources ?? []),
        ...(kustomization.components ?? []),
        ...(kustomization.patches ?? []).flatMap((patch) => patch.path ?? []),
      ].map((each) => join(ROOT, path, '..', each));
      expect(paths.map((each) => [each, readdirSync(join(each, '..')).length > 0])).toEqual(
        paths.map((each) => [each, true]),
      );
    }
  });

  it('of compose never let Redis evict, and keep what it has', () => {
    const services = composeServices();
    expect(Object.keys(services).sort()).toEqual(['api', 'postgres', 'redis', 'worker']);
    const command = services['redis']?.command?.join(' ');
    expect(command).toContain('--appendonly yes');
    expect(command).toContain('--maxmemory-policy noeviction');
  });

  it('of compose write nowhere but in volumes, gain no privilege and have a health check', () => {
    for (const [name, service] of Object.entries(composeServices())) {
      expect([name, service.read_only]).toEqual([name, true]);
      expect(service.security_opt).toContain('no-new-privileges:true');
    }
    const { postgres, redis } = composeServices();
    expect([postgres?.healthcheck, redis?.healthcheck]).not.toContain(undefined);
    expect(readFileSync('Dockerfile', 'utf8')).toMatch(/^HEALTHCHECK .*\n.*\/api\/health\/live/m);
    expect(readFileSync('Dockerfile', 'utf8')).toMatch(/^USER node$/m);
  });
});

interface Service {
  command?: string[];
  healthcheck?: object;
  read_only?: boolean;
  security_opt?: string[];
  environment?: Record<string, string>;
}

function composeServices(): Record<string, Service> {
  const compose = merged(load(readFileSync('compose.yaml', 'utf8'))) as {
    services: Record<string, Service>;
  };
  return compose.services;
}

/** With `<<` resolved, which is no part of YAML 1.2. */
function merged(node: unknown): unknown {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) {
    return node;
  }
  const { '<<': shared, ...own } = node as Record<string, unknown>;
  const entries = Object.entries(own).map(([name, value]) => [name, merged(value)]);
  return { ...(merged(shared) as object | undefined), ...Object.fromEntries(entries) };
}

function composeEnvironment(): string[] {
  return Object.values(composeServices()).flatMap((service) =>
    Object.keys(service.environment ?? {}).filter((name) => !name.startsWith('POSTGRES_')),
  );
}
