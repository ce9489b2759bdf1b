/** Stops what the global set-up started; both run in jest's parent process. */
export default async function globalTeardown() {
  await globalThis.stopTestDatabase?.();
}
