// Who Google's side knows, as data: service accounts and users with their keys, identity pools of
// other clouds, and what is denied to whom. Nothing here is ever logged.

import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { matchesGlob } from '../accounts.ts';
import { hmac } from '../signing-key.ts';
import type { SigningKey } from './signing-key.ts';

export interface PublicKey {
  readonly id: string;
  /** SubjectPublicKeyInfo. */
  readonly pem: string;
}

export interface ApiKey {
  readonly key: string;
  /** ISO 8601; from then on the key is expired. */
  readonly expiresAt?: string;
}

export interface RefreshToken extends Omit<ApiKey, 'key'> {
  readonly token: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface GoogleAccount {
  /** An email, or `principal://…` for who comes from a pool; `*` stands for any text. */
  readonly name: string;
  /** Of a service account's keys; their private halves sign its assertions. */
  readonly publicKeys: readonly PublicKey[];
  readonly refreshTokens: readonly RefreshToken[];
  readonly apiKeys: readonly ApiKey[];
  /** `*` stands for any text: `claude-*`, `publishers/anthropic/models/*`. */
  readonly deniedModels: readonly string[];
  readonly deniedProjects: readonly string[];
}

/** A provider of a workload identity pool: whose word is taken for who somebody is. */
export type PoolProvider = { readonly audience: string } & (
  | { readonly kind: 'oidc'; readonly issuer: string; readonly publicKeys: readonly PublicKey[] }
  | { readonly kind: 'aws' }
);

export interface GoogleDirectory {
  readonly project: string;
  readonly projectNumber: string;
  readonly accounts: readonly GoogleAccount[];
  readonly providers: readonly PoolProvider[];
  /** How long access tokens last; below five minutes clients renew them for every request. */
  readonly tokenSeconds: number;
}

const project = 'leakbed';
const projectNumber = '123456789012';
const location = `projects/${projectNumber}/locations/global`;
const poolName = `//iam.googleapis.com/${location}/workloadIdentityPools/leakbed`;
export const oidcAudience = `${poolName}/providers/oidc`;
export const awsAudience = `${poolName}/providers/aws`;

/** Who signs the identity tokens of the metadata server, here as there. */
export const googleIssuer = 'https://accounts.google.com';
export const gatewayEmail = `gateway@${project}.iam.gserviceaccount.com`;
export const userEmail = 'developer@leakbed.example';
export const exampleGoogleKey = 'leakbed-example-google-api-key';
export const exampleRefreshToken: RefreshToken = {
  token: '1//leakbed-example-refresh-token',
  clientId: 'leakbed-example.apps.googleusercontent.com',
  clientSecret: 'leakbed-example-client-secret',
};

export const defaultDirectory: GoogleDirectory = {
  project,
  projectNumber,
  accounts: [
    googleAccount({ name: gatewayEmail, apiKeys: [{ key: exampleGoogleKey }] }),
    googleAccount({ name: userEmail, refreshTokens: [exampleRefreshToken] }),
    googleAccount({ name: 'principal://iam.googleapis.com/*' }),
  ],
  providers: [
    { kind: 'oidc', audience: oidcAudience, issuer: googleIssuer, publicKeys: [] },
    { kind: 'aws', audience: awsAudience },
  ],
  tokenSeconds: 3599,
};

export function googleAccount(
  given: Pick<GoogleAccount, 'name'> & Partial<GoogleAccount>,
): GoogleAccount {
  const nothing = { publicKeys: [], refreshTokens: [], apiKeys: [] };
  return { ...nothing, deniedModels: [], deniedProjects: [], ...given };
}

/** The directory that also trusts this key: as its first account's, and as its OIDC providers'. */
export function trusting(directory: GoogleDirectory, key: SigningKey): GoogleDirectory {
  const own = { id: key.id, pem: key.publicPem };
  return {
    ...directory,
    accounts: directory.accounts.map((account, index) =>
      index === 0 ? { ...account, publicKeys: [...account.publicKeys, own] } : account,
    ),
    providers: directory.providers.map((provider) =>
      provider.kind === 'oidc'
        ? { ...provider, publicKeys: [...provider.publicKeys, own] }
        : provider,
    ),
  };
}

/** The first account whose word is taken where nothing is verified. */
export function firstAccount({ accounts }: GoogleDirectory): GoogleAccount {
  return accounts[0] ?? googleAccount({ name: gatewayEmail });
}

export function findAccount(directory: GoogleDirectory, name: string): GoogleAccount | undefined {
  return directory.accounts.find((account) => matchesGlob(name, account.name));
}

const parsed = new Map<string, KeyObject>();

/** The key of this id, or of all without one. */
export function keysOf(keys: readonly PublicKey[], id: unknown): readonly KeyObject[] {
  return keys
    .filter((key) => id === undefined || key.id === id)
    .map(({ pem }) => {
      const known = parsed.get(pem) ?? createPublicKey(pem);
      // As many as the directory has, which does not change.
      parsed.set(pem, known);
      return known;
    });
}

/** Replicas with the same directory take each other's access tokens. */
export function sealingKeyOf(directory: GoogleDirectory): Buffer {
  return hmac(Buffer.from('leakbed access tokens'), JSON.stringify(directory));
}

/** 21 digits that are the same for the same name, as Google's unique ids are. */
export function uniqueId(name: string): string {
  const digest = createHash('sha256').update(name).digest();
  return `1${(digest.readBigUInt64BE() % 10n ** 20n).toString().padStart(20, '0')}`;
}
