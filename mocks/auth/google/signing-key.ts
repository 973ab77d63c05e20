// The RSA key of leakbed's Google side: it signs service accounts' assertions, as the key file
// holds it, and identity tokens. Made at first use in a folder of the user's state, never shown.

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface SigningKey {
  /** 40 hexadecimal digits, as Google's key ids are. */
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicPem: string;
}

/** `$XDG_STATE_HOME/leakbed/google`, by default under `~/.local/state`. */
export function googleFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const state = environment.XDG_STATE_HOME || join(homedir(), '.local', 'state');
  return join(state, 'leakbed', 'google');
}

export function createSigningKey(): SigningKey {
  return signingKeyOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
}

/** Whoever links its file first has made the key; others who start at the same time take that. */
export async function openSigningKey(folder: string): Promise<SigningKey> {
  const file = join(folder, 'service-account-key.pem');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) await create(file);
  else if ((found.mode & 0o077) !== 0) {
    throw new Error(
      `Cannot trust the key ${file}: others can read it. Delete it, and a new one is made.`,
    );
  }
  return signingKeyOf(createPrivateKey(await readFile(file)));
}

async function create(file: string): Promise<void> {
  const draft = `${file}.${process.pid}.${process.hrtime.bigint()}`;
  const pem = createSigningKey().privateKey.export({ type: 'pkcs8', format: 'pem' });
  try {
    await writeFile(draft, pem, { mode: 0o600, flag: 'wx' });
    await chmod(draft, 0o600);
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

function signingKeyOf(privateKey: KeyObject): SigningKey {
  const publicPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
  return { id: createHash('sha1').update(publicPem).digest('hex'), privateKey, publicPem };
}
