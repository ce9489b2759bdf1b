import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '../../common/startup-error.js';
import type { AppConfig } from '../../config/app-config.js';
import { codeOf } from '../../common/error-code.js';

const MIN_BYTES = 32;

/**
 * The HMAC key of access tokens: the setting, else one generated once into the data folder.
 *
 * A KeyObject and not its text, since jsonwebtoken spends 400 µs a verification on making one from the text.
 * @throws StartupError when the file can't be read or made.
 */
export async function loadJwtKey(config: Pick<AppConfig, 'auth' | 'dataDir'>): Promise<KeyObject> {
  const secret = config.auth.jwtSecret ?? (await generatedSecret(config.dataDir));
  return createSecretKey(secret, 'utf8');
}

async function generatedSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'jwt-secret');
  try {
    const secret = (await readIfThere(path)) ?? (await create(dataDir, path));
    if (Buffer.byteLength(secret) >= MIN_BYTES) {
      return secret;
    }
  } catch (error) {
    throw new StartupError(`DATA_DIR must be writable for the file jwt-secret (${String(error)})`);
  }
  throw new StartupError(`${path} is too short for a key: delete it, or set JWT_SECRET`);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

/** Writes aside and links: of two processes at once, both end with the first's, and neither sees half a file. */
async function create(dataDir: string, path: string): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  const aside = `${path}.${process.pid}.${randomBytes(6).toString('hex')}`;
  const file = await open(aside, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(48).toString('base64url')}\n`);
    await file.sync();
    await link(aside, path).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') {
        throw error;
      }
    });
  } finally {
    await file.close();
    await unlink(aside);
  }
  return (await readFile(path, 'utf8')).trim();
}
