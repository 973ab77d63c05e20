// Google's side of `leakbed mocks`: the accounts that LEAKBED_GOOGLE_ACCOUNTS gives, the key that
// is kept from start to start, and the credential files that the printed variables point to.

import { readFile } from 'node:fs/promises';
import {
  type CredentialFiles,
  writeCredentialFiles,
} from '../../mocks/auth/google/credential-files.ts';
import { defaultDirectory, type GoogleDirectory } from '../../mocks/auth/google/directory.ts';
import type { GoogleOptions } from '../../mocks/auth/google/door.ts';
import { googleFolder, openSigningKey } from '../../mocks/auth/google/signing-key.ts';
import { UsageError } from './exit-codes.ts';

const variable = 'LEAKBED_GOOGLE_ACCOUNTS';

/** Without a key where the folder cannot be written: then there are no credential files either. */
export async function openGoogle(isNeeded: boolean): Promise<GoogleOptions> {
  const directory = await readDirectory(process.env[variable]);
  const folder = googleFolder(process.env);
  try {
    return { directory, key: await openSigningKey(folder) };
  } catch (error) {
    if (!isNeeded) return { directory };
    throw new UsageError(
      `Cannot keep Google's key in ${folder}: ${reason(error)}. ` +
        'Set XDG_STATE_HOME to a folder that can be written.',
      { cause: error },
    );
  }
}

export async function writeGoogleFiles(
  url: string,
  { key, directory = defaultDirectory }: GoogleOptions,
): Promise<(CredentialFiles & AsyncDisposable) | undefined> {
  if (key === undefined) return undefined;
  const folder = googleFolder(process.env);
  return await writeCredentialFiles({ folder, url, key, directory, now: new Date() });
}

/** A workload of another cloud: the one kind that every client exchanges where its file says. */
export function googleEnvironment({ externalAccount }: CredentialFiles) {
  return { GOOGLE_APPLICATION_CREDENTIALS: externalAccount };
}

/** A JSON file, or the JSON itself. */
async function readDirectory(value = ''): Promise<GoogleDirectory | undefined> {
  if (value === '') return undefined;
  const isText = value.trimStart().startsWith('{');
  try {
    const text = isText ? value : await readFile(value, 'utf8');
    const { parseDirectory } = await import('../../mocks/auth/google/directory-text.ts');
    return parseDirectory(text, isText ? variable : value);
  } catch (error) {
    throw new UsageError(reason(error), { cause: error });
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
