// Makes a folder and those above it, as `mkdir -p`. Node's own recursive mkdir never returns on
// /proc: that file system answers ENOENT although the parent is there, and Node tries for ever.

import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
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
