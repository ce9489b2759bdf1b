import type { CodeSession } from './code-model.js';

/** Stands where a build only checks what another one made. */
export const VERIFY_ONLY: CodeSession = {
  editor: null,
  usage: () => null,
  plan: () => Promise.reject(new Error('A verification plans nothing')),
  scaffold: () => Promise.reject(new Error('A verification writes nothing')),
};
