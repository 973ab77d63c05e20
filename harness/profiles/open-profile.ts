// Finds a profile by the name of a shipped one or by its file.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { insteadOf } from '../../injectors/nearest.ts';
import { type Profile, readProfile } from './profile.ts';

const folder = new URL('./', import.meta.url);

export function shippedProfiles(): readonly string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  return files.map((file) => basename(file, '.yaml')).sort();
}

/** Throws a sentence, or one line for each thing that is wrong in the file. */
export function openProfile(nameOrFile: string): Profile {
  const shipped = shippedProfiles();
  const file = shipped.includes(nameOrFile)
    ? fileURLToPath(new URL(`${nameOrFile}.yaml`, folder))
    : nameOrFile;
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new Error(
      `Cannot open profile "${nameOrFile}": there is no such file, and none of that name comes ` +
        `with leakbed. ${insteadOf(nameOrFile, shipped)}`,
    );
  }
  return readProfile(readFileSync(file, 'utf8'), file);
}
