// leakbed's own certificate authority: made at first use in a folder of the user's state, and
// kept, so that a gateway's trust has to be set up once. Only the CA is on disk; servers'
// certificates are made anew at each start and live in memory.

import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keptSecret, stateFolder } from '../kept-secret.ts';
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

export function authorityFolder(environment: Readonly<Record<string, string | undefined>>): string {
  return stateFolder(environment, 'ca');
}

export async function openAuthority({ folder, now }: AuthorityOptions): Promise<Authority> {
  const keyFile = join(folder, 'ca-key.pem');
  const caFile = join(folder, 'ca.pem');
  const bundle = await openBundle(keyFile, now);
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
async function openBundle(keyFile: string, now: Date): Promise<string> {
  const open = () => keptSecret(keyFile, 'the CA key', () => createBundle(now));
  const kept = await open();
  const until = new X509Certificate(certificateIn(kept)).validToDate;
  if (until >= daysFrom(now, serverDays)) return kept;
  await rm(keyFile, { force: true });
  return await open();
}

function createBundle(now: Date): string {
  const validity = { from: daysFrom(now, -1), to: daysFrom(now, caDays) };
  const { pem, privateKey } = createCaCertificate('leakbed test CA', validity);
  return `${privateKey.export({ type: 'pkcs8', format: 'pem' })}${pem}`;
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
