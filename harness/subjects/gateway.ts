// Which gateway is tested and how it is brought up: a reference gateway, a command of the
// user's, or a process that already runs. Every way gives a Subject.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Profile } from '../profiles/profile.ts';
import { type ChildProcessOptions, startChildProcess } from './child-process.ts';
import { attachContainer } from './container.ts';
import { attachPid } from './pid.ts';
import { startProfiled } from './profiled-gateway.ts';
import { openPythonEnvironment } from './python-environment.ts';
import { attachRemote } from './remote.ts';
import type { Subject } from './subject.ts';

export type GatewayChoice =
  | {
      readonly kind: 'reference' | 'reference-python';
      readonly leak: string | undefined;
    }
  | {
      readonly kind: 'command';
      readonly command: readonly [string, ...string[]];
      readonly url: string | undefined;
    }
  | AttachedChoice
  | { readonly kind: 'profile'; readonly profile: Profile };

/** A gateway that runs already; a profile says how it is asked, where not in OpenAI's words. */
export type AttachedChoice = (
  | { readonly kind: 'pid'; readonly pid: number; readonly url: string }
  | { readonly kind: 'container'; readonly name: string; readonly url: string | undefined }
  | { readonly kind: 'remote'; readonly url: string; readonly metricsUrl: string }
) & { readonly profile?: Profile };

export function profileOf(choice: GatewayChoice): Profile | undefined {
  return 'profile' in choice ? choice.profile : undefined;
}

/** Whether each scenario gets a fresh process. */
export function isStartedHere({ kind }: GatewayChoice): boolean {
  return kind !== 'pid' && kind !== 'container' && kind !== 'remote';
}

export interface GatewaySurroundings {
  /** The fake providers. */
  readonly mocksUrl: string;
  /** Where its SDKs find them, or whom they trust where the fakes have the real names. */
  readonly environment: Readonly<Record<string, string>>;
  readonly token: string | undefined;
  readonly apiKey: string;
  readonly signal: AbortSignal;
  /** Told when something has to be installed first. */
  readonly onInstall?: (what: string) => void;
}

// Beside this file the sources end in .ts, in the package in .js.
const here = (path: string) =>
  fileURLToPath(new URL(path + (import.meta.url.endsWith('.ts') ? '.ts' : '.js'), import.meta.url));

const referenceMain = here('./reference-node/main');
const billingHook = here('../../injectors/ambient/billing-hook');

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What Python is to find: the gateway, the billing hook, and the leaks to plant. */
const pythonFolders = {
  gateway: folder('./reference-python'),
  hook: folder('../../injectors/ambient/python'),
  leaks: folder('../../injectors/leaks/python'),
};

/** Starts or attaches; rejects with one sentence when that fails, with nothing left running. */
export async function bringUp(
  choice: GatewayChoice,
  around: GatewaySurroundings,
): Promise<Subject> {
  switch (choice.kind) {
    case 'profile':
      return await startProfiled(choice.profile, around, {
        nodeFile: billingHook,
        pythonFolder: pythonFolders.hook,
      });
    case 'pid':
      return await attachPid({ pid: choice.pid, url: choice.url });
    case 'container':
      return await attachContainer({
        name: choice.name,
        ...(choice.url !== undefined && { url: choice.url }),
      });
    case 'remote':
      return attachRemote(choice);
    case 'command':
      return await startChildProcess({
        name: choice.command.join(' '),
        command: choice.command,
        env: around.environment,
        signal: around.signal,
        ...(choice.url !== undefined && { url: choice.url }),
      });
    case 'reference':
      return await startReference(around, {
        name: 'reference gateway',
        command: [process.execPath, referenceMain],
        nodeArgs: ['--import', billingHook],
        env: { LEAKBED_LEAK: choice.leak ?? '', LEAKBED_BILLING_HOOK: `${billingModule}#consume` },
      });
    case 'reference-python':
      return await startReference(around, await pythonReference(choice.leak, around));
    default:
      return choice satisfies never;
  }
}

/** Either reference gateway, with a ledger of its own and the billing hook in its process. */
async function startReference(
  around: GatewaySurroundings,
  program: ChildProcessOptions,
): Promise<Subject> {
  const folder = await mkdtemp(join(tmpdir(), 'leakbed-run-'));
  const file = join(folder, 'ledger.sqlite');
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  try {
    const subject = await startChildProcess({
      ...program,
      extraCapabilities: ['billing-hook'],
      signal: around.signal,
      env: {
        // Only a sink that was named for the run, never a database of whoever runs it.
        DATABASE_URL: '',
        ...around.environment,
        ...program.env,
        API_KEYS: around.apiKey,
        PORT: '0',
        LEDGER: file,
        LEAKBED_CONTROL: around.mocksUrl,
        ...(around.token !== undefined && { LEAKBED_TOKEN: around.token }),
      },
    });
    const { DATABASE_URL: named = '' } = around.environment;
    return {
      ...subject,
      ledger: { url: named === '' ? `sqlite:${file}` : named },
      async [Symbol.asyncDispose]() {
        await subject[Symbol.asyncDispose]();
        await removeFolder();
      },
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

const billingModule = `reference-node/billing/consume${referenceMain.slice(-3)}`;

/** Its packages are installed first where they are not yet. */
async function pythonReference(
  leak: string | undefined,
  { signal, onInstall }: GatewaySurroundings,
): Promise<ChildProcessOptions> {
  const { python } = await openPythonEnvironment({
    requirementsFile: join(pythonFolders.gateway, 'requirements.txt'),
    signal,
    ...(onInstall !== undefined && { onInstall }),
  });
  const path = [...Object.values(pythonFolders), process.env.PYTHONPATH ?? ''];
  return {
    name: 'Python reference gateway',
    command: [python, '-m', 'gateway'],
    readyTimeoutMs: pythonReadyTimeoutMs,
    env: {
      PYTHONPATH: path.filter((part) => part !== '').join(delimiter),
      // Sources may lie where nothing should be written beside them.
      PYTHONDONTWRITEBYTECODE: '1',
      LEAKBED_LEAK: leak ?? '',
      LEAKBED_BILLING_HOOK: 'gateway.billing.consume:consume',
    },
  };
}

/** Three seconds of imports, and many times that on a machine that is busy. */
const pythonReadyTimeoutMs = 60_000;
