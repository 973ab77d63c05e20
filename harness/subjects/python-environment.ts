// A Python virtual environment with exactly the packages of one requirements.txt, made once for
// each state of that file and each Python, and kept: the second time it needs no network.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';

export interface PythonEnvironmentOptions {
  /** Every package that is installed, with its exact version. */
  readonly requirementsFile: string;
  /** The Python to make it with; python3 of the path by default. */
  readonly python?: string;
  readonly cacheFolder?: string;
  readonly signal?: AbortSignal;
  /** Told when packages have to be installed, which needs the network and takes a while. */
  readonly onInstall?: (what: string) => void;
}

export interface PythonEnvironment {
  readonly folder: string;
  /** The Python to run in it. */
  readonly python: string;
}

const oldestMinor = 10;
const quotedCharacters = 1000;

/** Rejects with one sentence that says what is missing. */
export async function openPythonEnvironment(
  options: PythonEnvironmentOptions,
): Promise<PythonEnvironment> {
  const { requirementsFile, python = 'python3', cacheFolder = defaultCache() } = options;
  const requirements = await readFile(requirementsFile, 'utf8');
  const version = await pythonVersion(python, options.signal);
  const hash = createHash('sha256').update(version).update(requirements).digest('hex');
  const name = `${basename(dirname(requirementsFile))}-${hash.slice(0, 12)}`;
  const folder = join(cacheFolder, name);
  const environment = { folder, python: join(folder, 'bin', 'python') };
  if (existsSync(folder)) return environment;
  const count = requirements.split('\n').filter((line) => line.includes('==')).length;
  options.onInstall?.(`installing ${count} Python packages, once: about a minute`);
  await mkdir(cacheFolder, { recursive: true });
  // It gets its name only when it is whole, so one that was cut short leaves none. Of what pip
  // writes only scripts hold the folder's path; modules are run by `python -m`.
  const draft = await mkdtemp(join(cacheFolder, '.draft-'));
  try {
    await run([python, '-m', 'venv', draft], options.signal, venvRemedy);
    const pip = [join(draft, 'bin', 'python'), '-m', 'pip'] as const;
    await run([...pip, ...pipArgs, '-r', requirementsFile], options.signal, pipRemedy);
    // Others may use it too: an image is built by root and run by somebody else.
    await chmod(draft, 0o755);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process may have been faster; its environment is as good.
    if (!existsSync(folder)) throw error;
  }
  return environment;
}

const pipArgs = ['install', '--quiet', '--no-deps', '--disable-pip-version-check'];
const pythonRemedy = `Install Python 3.${oldestMinor} or later, as python3 on the path.`;
const venvRemedy = 'On Debian the module is a package of its own: apt install python3-venv.';
const pipRemedy = 'Is PyPI, or the index that pip is told, reachable?';

async function pythonVersion(python: string, signal: AbortSignal | undefined): Promise<string> {
  const code = 'import sys; print(sys.version_info[0], sys.version_info[1], sys.version)';
  const said = await run([python, '-c', code], signal, pythonRemedy);
  const [major = 0, minor = 0] = said.split(' ').map(Number);
  if (major === 3 && minor >= oldestMinor) return said;
  throw new Error(`Cannot use ${python}: it is Python ${major}.${minor}. ${pythonRemedy}`);
}

/** What the command printed; rejects with its last words and what may help. */
async function run(
  command: readonly [string, ...string[]],
  signal: AbortSignal | undefined,
  remedy: string,
): Promise<string> {
  const [file, ...args] = command;
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal !== undefined && { signal }),
  });
  let printed = '';
  let said = '';
  child.stdout.on('data', (data) => {
    printed = (printed + String(data)).slice(-quotedCharacters);
  });
  child.stderr.on('data', (data) => {
    said = (said + String(data)).slice(-quotedCharacters);
  });
  const what = [basename(file), ...args.slice(0, 3)].join(' ');
  const [code] = await once(child, 'close').catch((error: Error) => {
    throw new Error(`Cannot run ${what}: ${error.message}. ${remedy}`);
  });
  if (code === 0) return printed;
  throw new Error(`Cannot run ${what}: it ended with ${code}. ${remedy} It said:\n${said}`);
}

function defaultCache(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'leakbed', 'python');
}
