// Makes the folders of a run's record. Node's own recursive mkdir never returns on /proc: that file
// system answers ENOENT although the parent is there, and Node tries for ever.

import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from './file-error.ts';

/** Rejects with the system's error; a folder that is there already is fine. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path);
  }
}

/** Two runs may start in the same second; the second gets `-2`. */
export async function freshFolder(out: string, name: string): Promise<string> {
  for (let nth = 1; ; nth++) {
    const dir = join(out, nth === 1 ? name : `${name}-${nth}`);
    try {
      await mkdir(dir);
      return dir;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST' || nth === 100) throw error;
    }
  }
}
