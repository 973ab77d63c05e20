// The RSA key of leakbed's Google side: it signs service accounts' assertions, as the key file
// holds it, and identity tokens. Made at first use in a folder of the user's state, never shown.

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { join } from 'node:path';
import { keptSecret, stateFolder } from '../../kept-secret.ts';

export interface SigningKey {
  /** 40 hexadecimal digits, as Google's key ids are. */
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicPem: string;
}

export function googleFolder(environment: Readonly<Record<string, string | undefined>>): string {
  return stateFolder(environment, 'google');
}

export function createSigningKey(): SigningKey {
  return signingKeyOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
}

export async function openSigningKey(folder: string): Promise<SigningKey> {
  const file = join(folder, 'service-account-key.pem');
  const pem = await keptSecret(file, "the service account's key", () =>
    createSigningKey().privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  );
  return signingKeyOf(createPrivateKey(pem));
}

function signingKeyOf(privateKey: KeyObject): SigningKey {
  const publicPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
  return { id: createHash('sha1').update(publicPem).digest('hex'), privateKey, publicPem };
}
