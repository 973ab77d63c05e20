// leakbed's own certificate authority: made at first use in a folder of the user's state, and
// kept, so that a gateway's trust has to be set up once. Only the CA is on disk; servers'
// certificates are made anew at each start and live in memory.

import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { chmod, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Certificate, createCaCertificate, createServerCertificate } from './certificate.ts';

export interface Authority {
  /** The CA's certificate, to be trusted by clients. */
  readonly caFile: string;
  readonly caPem: string;
  issue(hosts: readonly string[]): Certificate;
}

export interface AuthorityOptions {
  /** Holds `ca.pem` and `ca-key.pem`. */
  readonly folder: string;
  readonly now: Date;
}

const dayMs = 86_400_000;
const caDays = 3650;
/** Servers' certificates hold this long; browsers refuse more than 398 days. */
const serverDays = 397;

/** `$XDG_STATE_HOME/leakbed/ca`, by default under `~/.local/state`. */
export function authorityFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const state = environment.XDG_STATE_HOME || join(homedir(), '.local', 'state');
  return join(state, 'leakbed', 'ca');
}

export async function openAuthority({ folder, now }: AuthorityOptions): Promise<Authority> {
  const keyFile = join(folder, 'ca-key.pem');
  const caFile = join(folder, 'ca.pem');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const kept = await readKept(keyFile, now);
  const bundle = kept ?? (await create(keyFile, now));
  const caPem = certificateIn(bundle);
  await writePublic(caFile, caPem);
  const privateKey = createPrivateKey(bundle);
  const issuer = {
    name: nameOf(new X509Certificate(caPem)),
    privateKey,
    publicKey: createPublicKey(privateKey),
  };
  const validity = { from: daysFrom(now, -1), to: daysFrom(now, serverDays) };
  return {
    caFile,
    caPem,
    issue: (hosts) => createServerCertificate(issuer, hosts, validity),
  };
}

/** Key and certificate in one file, so that two first users at once cannot mix theirs. */
async function readKept(keyFile: string, now: Date): Promise<string | undefined> {
  const found = await stat(keyFile).catch(() => undefined);
  if (found === undefined) return undefined;
  if ((found.mode & 0o077) !== 0) {
    const mode = (found.mode & 0o777).toString(8);
    throw new Error(
      `Cannot trust the CA key ${keyFile}: others can read it (mode ${mode}). ` +
        'Delete its folder, and a new CA is made at the next start.',
    );
  }
  const bundle = await readFile(keyFile, 'utf8');
  const until = new X509Certificate(certificateIn(bundle)).validToDate;
  if (until >= daysFrom(now, serverDays)) return bundle;
  await rm(keyFile, { force: true });
  return undefined;
}

/** Whoever links its file first has made the CA; the others take that one. */
async function create(keyFile: string, now: Date): Promise<string> {
  const validity = { from: daysFrom(now, -1), to: daysFrom(now, caDays) };
  const { pem, privateKey } = createCaCertificate('leakbed test CA', validity);
  const bundle = `${privateKey.export({ type: 'pkcs8', format: 'pem' })}${pem}`;
  const draft = `${keyFile}.${process.pid}.${process.hrtime.bigint()}`;
  await writeFile(draft, bundle, { mode: 0o600, flag: 'wx' });
  // A permissive umask cannot widen the mode, but a strict default ACL could have.
  await chmod(draft, 0o600);
  try {
    await link(draft, keyFile);
    return bundle;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return await readFile(keyFile, 'utf8');
  } finally {
    await rm(draft, { force: true });
  }
}

/** Readers never see half a file. */
async function writePublic(caFile: string, pem: string): Promise<void> {
  const kept = await readFile(caFile, 'utf8').catch(() => undefined);
  if (kept === pem) return;
  const draft = `${caFile}.${process.pid}.${process.hrtime.bigint()}`;
  await writeFile(draft, pem, { mode: 0o644, flag: 'wx' });
  await rename(draft, caFile);
}

function certificateIn(bundle: string): string {
  return bundle.slice(bundle.indexOf('-----BEGIN CERTIFICATE-----'));
}

function nameOf(certificate: X509Certificate): string {
  return certificate.subject.replace(/^CN=/, '');
}

function daysFrom(date: Date, days: number): Date {
  return new Date(date.getTime() + days * dayMs);
}
