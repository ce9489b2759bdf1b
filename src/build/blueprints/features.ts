/** Whether a project has a feature because it was asked for, because everything has it, or because of something else. */
export type Inclusion = 'optional' | 'always' | 'implied';

/** What a person may ask for by name; the same names for every framework. */
export interface FeatureInfo {
  name: string;
  summary: string;
  inclusion: Inclusion;
}

/** Every feature of the engine, in the order in which it is told. */
export const FEATURES = [
  {
    name: 'auth',
    inclusion: 'optional',
    summary:
      'accounts with roles, JWT access and refresh tokens (rotation, reuse detection), argon2id',
  },
  {
    name: 'crud',
    inclusion: 'implied',
    summary:
      'resources: create, read, list with paging, sorting and filters, change, delete; owner-scoped with auth',
  },
  { name: 'health', inclusion: 'always', summary: 'liveness and readiness probes' },
  { name: 'logging', inclusion: 'optional', summary: 'JSON log lines with request ids' },
  { name: 'rate-limiting', inclusion: 'optional', summary: 'requests a minute for each caller' },
  { name: 'cors', inclusion: 'optional', summary: 'calls from the browser origins you list' },
  { name: 'docs', inclusion: 'always', summary: 'OpenAPI document and API explorer' },
  { name: 'docker', inclusion: 'always', summary: 'Dockerfile and .dockerignore' },
  { name: 'compose', inclusion: 'optional', summary: 'compose file with the service and database' },
  { name: 'ci', inclusion: 'optional', summary: 'GitHub workflow that runs every check' },
  {
    name: 'migrations',
    inclusion: 'implied',
    summary: 'versioned tables, with every SQL database',
  },
] as const satisfies readonly FeatureInfo[];

export type FeatureName = (typeof FEATURES)[number]['name'];

/** The names that a specification lists: what was asked for, and the probes that every project has. */
export const SPEC_FEATURES = [
  'auth',
  'ci',
  'compose',
  'cors',
  'health',
  'logging',
  'rate-limiting',
] as const satisfies readonly FeatureName[];

export type SpecFeature = (typeof SPEC_FEATURES)[number];
