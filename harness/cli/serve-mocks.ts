// The work of `leakbed mocks`: the fake providers alone, until Ctrl-C. `leakbed run` starts its own
// fakes by the same way.

import { readFile, writeFile } from 'node:fs/promises';
import type { Identity } from '../../mocks/auth/accounts.ts';
import type { CredentialFiles } from '../../mocks/auth/google/credential-files.ts';
import { identityEnvironment } from '../../mocks/auth/identity-endpoints.ts';
import { type Mocks, startMocks } from '../../mocks/server.ts';
import { type Authority, authorityFolder, openAuthority } from '../../mocks/tls/authority.ts';
import { runCompanion } from '../subjects/companion.ts';
import { providerEnvironment } from '../subjects/provider-environment.ts';
import { trustEnvironment } from '../subjects/trust-environment.ts';
import { UsageError } from './exit-codes.ts';
import { googleEnvironment, openGoogle, writeGoogleFiles } from './google-credentials.ts';
import { listening, untilStopped } from './listening.ts';
import type { MocksFlags } from './mocks.ts';
import { readPlan } from './plan-option.ts';
import { enterTransparentMode, serviceAddresses, transparentEnvironment } from './transparent.ts';

/** With a command they end when it does, and its exit code is theirs. */
export async function serveMocks(flags: MocksFlags, command: readonly string[]): Promise<void> {
  const [file, ...args] = command;
  if (flags.transparent === true) {
    if (file === undefined) {
      throw new UsageError(
        'Cannot use --transparent alone: nobody else gets into its network. Add -- COMMAND.',
      );
    }
    enterTransparentMode();
  }
  const plan = flags.plan === undefined ? undefined : await readPlan(flags.plan);
  const token = process.env.LEAKBED_TOKEN;
  const identities = await readAccounts(process.env.LEAKBED_ACCOUNTS);
  const isTls = flags.tls === true || flags.transparent === true || flags.caOut !== undefined;
  const authority = isTls ? await openAuthorityHere() : undefined;
  if (authority && flags.caOut !== undefined) await writeCertificate(flags.caOut, authority);
  const addresses = flags.transparent === true ? serviceAddresses : {};
  const google = await openGoogle(flags.auth === 'verify');
  const upstream = flags.upstream === undefined ? undefined : new URL(flags.upstream);
  const told = { ...flags, ...addresses, upstream };
  const mocks = await start({ ...told, plan, token, identities, google, authority });
  const googleFiles = await writeGoogleFiles(mocks.url, google);
  const environment = tellingEnvironment(mocks.url, authority, googleFiles, flags);
  const ready = {
    url: mocks.url,
    ...(authority && { tlsUrl: mocks.tlsUrl, caFile: authority.caFile }),
    controlUrl: `${mocks.url}/__leakbed`,
    dashboardUrl: `${mocks.url}/__leakbed/`,
    seed: mocks.seed,
    ...(googleFiles && { googleFiles }),
    env: environment,
  };
  if (flags.json === true) process.stdout.write(`${JSON.stringify(ready)}\n`);
  console.error(`Fake Bedrock and Vertex AI on ${mocks.url} (seed ${mocks.seed}). Ctrl-C stops.`);
  if (flags.transparent !== true) console.error(`Dashboard: ${ready.dashboardUrl}`);
  if (authority) console.error(`TLS on ${mocks.tlsUrl}; clients must trust ${authority.caFile}.`);
  // A command has them already.
  const shown = file === undefined ? Object.entries(environment) : [];
  for (const [name, value] of shown) console.error(`  export ${name}=${value}`);
  try {
    if (file === undefined) await untilStopped();
    else process.exitCode = await runCompanion([file, ...args], environment);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  } finally {
    await googleFiles?.[Symbol.asyncDispose]();
    await mocks.close();
  }
}

/** What tells SDKs where the fakes are and whom to trust. */
function tellingEnvironment(
  url: string,
  authority: Authority | undefined,
  googleFiles: CredentialFiles | undefined,
  { transparent }: MocksFlags,
): Readonly<Record<string, string>> {
  if (transparent === true && authority) return transparentEnvironment(authority);
  return {
    ...providerEnvironment({ mocksUrl: url }),
    ...identityEnvironment(url),
    ...(googleFiles && googleEnvironment(googleFiles)),
    ...(authority && trustEnvironment(authority.caFile)),
  };
}

type MocksStart = Parameters<typeof startMocks>[0];

export const start = (options: MocksStart): Promise<Mocks> =>
  listening(options ?? {}, startMocks(options));

/** LEAKBED_ACCOUNTS: a JSON file, or the JSON itself. */
async function readAccounts(value = ''): Promise<readonly Identity[] | undefined> {
  if (value === '') return undefined;
  const isText = value.trimStart().startsWith('[');
  try {
    const text = isText ? value : await readFile(value, 'utf8');
    const { parseAccounts } = await import('../../mocks/auth/accounts-text.ts');
    return parseAccounts(text, isText ? 'LEAKBED_ACCOUNTS' : value);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

export async function openAuthorityHere() {
  const folder = authorityFolder(process.env);
  try {
    return await openAuthority({ folder, now: new Date() });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Cannot serve TLS with the CA in ${folder}: ${why}`, { cause: error });
  }
}

async function writeCertificate(file: string, { caPem }: Authority): Promise<void> {
  await writeFile(file, caPem).catch((error: Error) => {
    throw new UsageError(`Cannot write --ca-out ${file}: ${error.message}.`, { cause: error });
  });
}
