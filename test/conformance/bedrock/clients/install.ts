// Sets the clients up in a scratch folder that is kept: once for each state of the lock files. All
// registries are asked at once; one that cannot be reached leaves its clients out, with the reason.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Registry } from './clients.ts';

export type Installed =
  /** The folder, and the program that runs a suite in it. */
  | { readonly folder: string; readonly program: string; readonly reason?: undefined }
  | { readonly reason: string };

interface Recipe {
  /** What decides whether an earlier installation still serves. */
  readonly locks: readonly string[];
  /** Commands run in the new folder, one after the other. */
  commands(folder: string): readonly (readonly string[])[];
  program(folder: string): string;
}

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const cache = join(
  process.env.LEAKBED_CACHE ?? join(homedir(), '.cache', 'leakbed'),
  'conformance',
);

const recipes: Readonly<Record<Registry, Recipe>> = {
  npm: {
    locks: ['npm/package.json', 'npm/package-lock.json'],
    commands: () => [['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund']],
    program: () => process.execPath,
  },
  boto3: python('boto3'),
  aioboto3: python('aioboto3'),
  litellm: python('litellm'),
  go: {
    locks: ['go/go.mod', 'go/go.sum', 'go/main.go', 'go/cells.go'],
    commands: () => [['go', 'build', '-trimpath', '-o', 'suite', '.']],
    program: (folder) => join(folder, 'suite'),
  },
};

function python(name: string): Recipe {
  const packages = join('bin', 'pip');
  return {
    locks: [`python/${name}.txt`],
    // A virtual environment holds its own path, so it is made where it stays.
    commands: (folder) => [
      ['python3', '-m', 'venv', folder],
      [join(folder, packages), 'install', '--quiet', '--no-deps', '-r', `${name}.txt`],
    ],
    program: (folder) => join(folder, 'bin', 'python'),
  };
}

export async function install(registry: Registry): Promise<Installed> {
  const { locks, commands, program } = recipes[registry];
  const hash = createHash('sha256').update(process.version);
  for (const lock of locks) hash.update(readFileSync(here(lock)));
  const folder = join(cache, `${registry}-${hash.digest('hex').slice(0, 12)}`);
  const done = join(folder, 'complete');
  if (existsSync(done)) return { folder, program: program(folder) };
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const lock of locks) await copyFile(here(lock), join(folder, lock.split('/').at(-1) ?? ''));
  for (const command of commands(folder)) {
    const problem = await run(command, folder);
    if (problem !== undefined) return { reason: problem };
  }
  // The mark comes last, so an installation that was interrupted is made again.
  await copyFile(join(folder, locks[0]?.split('/').at(-1) ?? ''), `${done}.new`);
  await rename(`${done}.new`, done);
  return { folder, program: program(folder) };
}

/** What went wrong, or undefined. */
function run([program = '', ...rest]: readonly string[], folder: string) {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const child = spawn(program, rest, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 240_000,
  });
  let said = '';
  child.stderr.on('data', (data) => {
    said = `${said}${data}`.slice(-2000);
  });
  child.on('error', (error) => resolve(`Cannot start ${program}: ${error.message}.`));
  child.on('close', (code) => {
    const last = said.trim().split('\n').slice(-2).join(' ');
    resolve(code === 0 ? undefined : `${program} ended with exit code ${code}: ${last}`);
  });
  return promise;
}
