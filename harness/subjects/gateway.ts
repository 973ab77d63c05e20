// Which gateway is tested and how it is brought up: the reference gateway, a command of the
// user's, or a process that already runs. Every way gives a Subject.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChildProcess } from './child-process.ts';
import { attachPid } from './pid.ts';
import type { Subject } from './subject.ts';

export type GatewayChoice =
  | { readonly kind: 'reference'; readonly leak: string | undefined }
  | {
      readonly kind: 'command';
      readonly command: readonly [string, ...string[]];
      readonly url: string | undefined;
    }
  | { readonly kind: 'pid'; readonly pid: number; readonly url: string };

export interface GatewaySurroundings {
  /** The fake providers. */
  readonly mocksUrl: string;
  /** Where its SDKs find them, or whom they trust where the fakes have the real names. */
  readonly environment: Readonly<Record<string, string>>;
  readonly token: string | undefined;
  readonly apiKey: string;
  readonly signal: AbortSignal;
}

// Beside this file the sources end in .ts, in the package in .js.
const here = (path: string) =>
  fileURLToPath(new URL(path + (import.meta.url.endsWith('.ts') ? '.ts' : '.js'), import.meta.url));

const referenceMain = here('./reference-node/main');
const billingHook = here('../../injectors/ambient/billing-hook');

/** Starts or attaches; rejects with one sentence when that fails, with nothing left running. */
export async function bringUp(
  choice: GatewayChoice,
  around: GatewaySurroundings,
): Promise<Subject> {
  switch (choice.kind) {
    case 'pid':
      return await attachPid({ pid: choice.pid, url: choice.url });
    case 'command':
      return await startChildProcess({
        name: choice.command.join(' '),
        command: choice.command,
        env: around.environment,
        signal: around.signal,
        ...(choice.url !== undefined && { url: choice.url }),
      });
    case 'reference':
      return await startReference(choice.leak, around);
    default:
      return choice satisfies never;
  }
}

async function startReference(
  leak: string | undefined,
  around: GatewaySurroundings,
): Promise<Subject> {
  const folder = await mkdtemp(join(tmpdir(), 'leakbed-run-'));
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  try {
    const subject = await startChildProcess({
      name: 'reference gateway',
      command: [process.execPath, referenceMain],
      nodeArgs: ['--import', billingHook],
      extraCapabilities: ['billing-hook'],
      signal: around.signal,
      env: {
        ...around.environment,
        API_KEYS: around.apiKey,
        PORT: '0',
        LEDGER: join(folder, 'ledger.sqlite'),
        LEAKBED_LEAK: leak ?? '',
        LEAKBED_BILLING_HOOK: `${billingModule}#consume`,
        LEAKBED_CONTROL: around.mocksUrl,
        ...(around.token !== undefined && { LEAKBED_TOKEN: around.token }),
      },
    });
    return {
      ...subject,
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
