// Secrets that leakbed makes at first use and keeps in a folder of the user's state: its CA's key,
// the key of its Google accounts. For their owner's eyes only.

import { chmod, link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** `$XDG_STATE_HOME/leakbed/NAME`, by default under `~/.local/state`. */
export function stateFolder(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
): string {
  const state = environment.XDG_STATE_HOME || join(homedir(), '.local', 'state');
  return join(state, 'leakbed', name);
}

/** What the file holds; it is made when there is none. `what` names it in the error. */
export async function keptSecret(file: string, what: string, make: () => string): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return await create(file, make());
  if ((found.mode & 0o077) !== 0) {
    const mode = (found.mode & 0o777).toString(8);
    throw new Error(
      `Cannot trust ${what} ${file}: others can read it (mode ${mode}). ` +
        'Delete its folder, and a new one is made at the next start.',
    );
  }
  return await readFile(file, 'utf8');
}

/** Whoever links its file first has made the secret; others who start at once take that one. */
async function create(file: string, secret: string): Promise<string> {
  const draft = `${file}.${process.pid}.${process.hrtime.bigint()}`;
  await writeFile(draft, secret, { mode: 0o600, flag: 'wx' });
  // A permissive umask cannot widen the mode, but a strict default ACL could have.
  await chmod(draft, 0o600);
  try {
    await link(draft, file);
    return secret;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return await readFile(file, 'utf8');
  } finally {
    await rm(draft, { force: true });
  }
}
