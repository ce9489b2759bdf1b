import { parseOptions } from '@node-rs/argon2';
import { PasswordHasher } from './password-hasher.js';

describe(PasswordHasher.name, () => {
  const hasher = new PasswordHasher();

  it('makes argon2id hashes of the chosen cost, each with its own salt', async () => {
    const hashes = [await hasher.hash('correct horse'), await hasher.hash('correct horse')];
    expect(hashes[0]).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(new Set(hashes).size).toBe(2);
    expect(parseOptions(hashes[0] ?? '')).toMatchObject({ saltLen: 16, outputLen: 32 });
  });

  it('tells the right password from others', async () => {
    const stored = await hasher.hash('correct horse');
    await expect(hasher.verify(stored, 'correct horse')).resolves.toBe(true);
    await expect(hasher.verify(stored, 'Correct horse')).resolves.toBe(false);
    await expect(hasher.verify(undefined, 'correct horse')).resolves.toBe(false);
  });

  it('refuses to queue without end, and recovers', async () => {
    const stored = await hasher.hash('correct horse');
    const results = await Promise.allSettled(
      Array.from({ length: 80 }, () => hasher.verify(stored, 'correct horse')),
    );
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(results.length - refused.length).toBeGreaterThanOrEqual(64);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({
      reason: { code: 'service_unavailable', headers: { 'Retry-After': '2' } },
    });
    await expect(hasher.verify(stored, 'correct horse')).resolves.toBe(true);
  });
});
