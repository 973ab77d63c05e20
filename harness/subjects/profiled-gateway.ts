// Starts the gateway of a profile: a free port, a scratch folder with its files, its environment,
// and where its billing is in its own process, the hook before it.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { fill, fillWords, type Values } from '../profiles/fill.ts';
import type { Profile } from '../profiles/profile.ts';
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

export async function startProfiled(
  profile: Profile,
  around: GatewaySurroundings,
  hookArguments: readonly string[],
): Promise<Subject> {
  const { start, ready, billing } = profile;
  if (start === undefined) {
    throw new Error(`Cannot start ${profile.name}: its profile has no "start". Name it by --pid.`);
  }
  const folder = await mkdtemp(join(tmpdir(), 'leakbed-gateway-'));
  const values = {
    ...fixedValues(around),
    folder,
    port: String(await freePort()),
    ...installedAt(profile),
  };
  const [file = '', ...rest] = start.command.map((word) => fill(word, values));
  const isHooked = billing?.hook !== undefined;
  const options: ChildProcessOptions = {
    name: profile.name,
    command: [file, ...rest],
    url: fill(profile.url, values),
    healthPath: ready?.path ?? '/health',
    readyTimeoutMs: (ready?.seconds ?? readySeconds) * 1000,
    signal: around.signal,
    env: {
      ...around.environment,
      ...fillWords(start.environment, values),
      ...(isHooked && {
        LEAKBED_BILLING_HOOK: billing.hook,
        LEAKBED_CONTROL: around.mocksUrl,
        ...(around.token !== undefined && { LEAKBED_TOKEN: around.token }),
      }),
    },
    ...(isHooked && { nodeArgs: hookArguments, extraCapabilities: ['billing-hook'] as const }),
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
