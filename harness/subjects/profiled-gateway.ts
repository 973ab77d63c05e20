// Starts the gateway of a profile: a free port, a scratch folder with its files, its environment,
// and where its billing is in its own process, the hook before it.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve, sep } from 'node:path';
import { fill, fillWords, type Values } from '../profiles/fill.ts';
import { type Profile, runtimeOfHook } from '../profiles/profile.ts';
import { type ChildProcessOptions, startChildProcess } from './child-process.ts';
import { freePort } from './free-port.ts';
import type { GatewaySurroundings } from './gateway.ts';
import type { Subject } from './subject.ts';

const readySeconds = 120;

/** What stands for itself in every text of a profile. */
export function fixedValues({
  mocksUrl,
  apiKey,
}: Pick<GatewaySurroundings, 'mocksUrl' | 'apiKey'>): Values {
  const { hostname, port } = new URL(mocksUrl);
  return { mocks: mocksUrl, mocksHost: hostname, mocksPort: port, apiKey };
}

/** Where the billing hook of each runtime lies. */
export interface Hooks {
  readonly nodeFile: string;
  readonly pythonFolder: string;
}

export async function startProfiled(
  profile: Profile,
  around: GatewaySurroundings,
  hooks: Hooks,
): Promise<Subject> {
  const { start, ready } = profile;
  if (start === undefined) {
    throw new Error(
      `Cannot start ${profile.name}: its profile has no "start". Where it runs already, name it by ` +
        '--pid, --container or --metrics beside --profile.',
    );
  }
  const folder = await mkdtemp(join(tmpdir(), 'leakbed-gateway-'));
  const values = {
    ...fixedValues(around),
    folder,
    port: String(await freePort()),
    ...installedAt(profile),
  };
  const [file = '', ...rest] = start.command.map((word) => fill(word, values));
  const environment = { ...around.environment, ...fillWords(start.environment, values) };
  const options: ChildProcessOptions = {
    name: profile.name,
    command: [file, ...rest],
    url: fill(profile.url, values),
    healthPath: ready?.path ?? '/health',
    readyTimeoutMs: (ready?.seconds ?? readySeconds) * 1000,
    signal: around.signal,
    env: environment,
    ...(start.folder !== undefined && { cwd: resolve(fill(start.folder, values)) }),
    ...hooked(profile, around, environment, hooks),
  };
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await writeFiles(folder, fillWords(start.files, values));
    const subject = await startChildProcess(options);
    return {
      ...subject,
      async [Symbol.asyncDispose]() {
        await subject[Symbol.asyncDispose]();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(start.install === undefined ? why : `${why}\nTo install it: ${start.install}`);
  }
}

/** What puts the hook before its consumer, where the profile names one: by the words' runtime. */
function hooked(
  { billing }: Profile,
  { mocksUrl, token }: GatewaySurroundings,
  environment: Readonly<Record<string, string>>,
  { nodeFile, pythonFolder }: Hooks,
): Partial<ChildProcessOptions> {
  if (billing?.hook === undefined) return {};
  const isPython = runtimeOfHook(billing.hook) === 'python';
  const own = environment.PYTHONPATH ?? process.env.PYTHONPATH ?? '';
  const path = [pythonFolder, own].filter((part) => part !== '').join(delimiter);
  return {
    extraCapabilities: ['billing-hook'],
    ...(!isPython && { nodeArgs: ['--import', nodeFile] }),
    env: {
      ...environment,
      LEAKBED_BILLING_HOOK: billing.hook,
      LEAKBED_CONTROL: mocksUrl,
      ...(token !== undefined && { LEAKBED_TOKEN: token }),
      ...(isPython && { PYTHONPATH: path }),
    },
  };
}

/** `{installed}`: the folder that LEAKBED_<NAME> names. Left as it is where nothing needs it. */
function installedAt({ name, start }: Profile): Values {
  const variable = `LEAKBED_${name.toUpperCase().replaceAll('-', '_')}`;
  const folder = process.env[variable];
  if (folder !== undefined) return { installed: resolve(folder) };
  if (start?.command.some((word) => word.includes('{installed}')) !== true) return {};
  const remedy = start.install === undefined ? '' : ` To install it: ${start.install}.`;
  throw new Error(`Cannot start ${name}: ${variable} is not set.${remedy}`);
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = resolve(folder, name);
    if (!path.startsWith(folder + sep)) {
      throw new Error(`Cannot write start.files "${name}": it lies outside of {folder}.`);
    }
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}
