import type { SandboxMount } from '../infra/sandbox/sandbox.js';

/** The server's own Node, for commands in the sandbox. */
export interface NodeRuntime {
  /** The program, as the sandbox sees it. */
  node: string;
  mounts: SandboxMount[];
}

const INSIDE = '/node/bin/node';

/** Wherever Node is installed, also below a home folder, the sandbox sees it at one path. */
export function nodeRuntime(): NodeRuntime {
  return { node: INSIDE, mounts: [{ host: process.execPath, inside: INSIDE }] };
}
