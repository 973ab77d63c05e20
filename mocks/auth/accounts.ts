// Who may come in, as data: identities with their keys and what is denied to them. The default is
// one user with the example key of AWS's documentation, and any role. Nothing here is ever logged.

import { hmac } from './signing-key.ts';
import { createTemporaryCredentials, type TemporaryCredentials } from './temporary-credentials.ts';

export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  /** Set for a temporary key that is not issued here; the request must bring the same. */
  readonly sessionToken?: string;
  /** ISO 8601; from then on the key is expired. */
  readonly expiresAt?: string;
}

export interface Identity {
  /** Of a user, or of a role; `*` in a role's ARN stands for any text. */
  readonly arn: string;
  readonly accessKeys: readonly AccessKey[];
  /** Bedrock API keys, sent as bearer tokens. */
  readonly apiKeys: readonly string[];
  /** Models that the policy denies; `*` stands for any text. */
  readonly deniedModels: readonly string[];
  /** Models the account has not been given access to. */
  readonly unavailableModels: readonly string[];
}

/** An identity at work: a user, or one session of a role. */
export interface Principal {
  readonly arn: string;
  readonly userId: string;
  readonly identity: Identity;
}

export interface Accounts {
  /** The first user, whose word is taken where nothing is verified. */
  readonly first: Principal;
  findKey(id: string): { readonly key: AccessKey; readonly principal: Principal } | undefined;
  findApiKey(key: string): Principal | undefined;
  /** A session of the role, when such a role exists. */
  findRole(arn: string, sessionName: string): Principal | undefined;
  readonly temporary: TemporaryCredentials;
}

/** The example key of AWS's own documentation: public, and recognized by every secret scanner. */
export const exampleKey: AccessKey = {
  id: 'AKIAIOSFODNN7EXAMPLE',
  secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
export const exampleApiKey = 'ABSKleakbed-example-bedrock-api-key';
export const accountId = '123456789012';

export const defaultIdentities: readonly Identity[] = [
  identity(`arn:aws:iam::${accountId}:user/leakbed`, [exampleKey], [exampleApiKey]),
  identity('arn:aws:iam::*:role/*'),
];

export function createAccounts(identities: readonly Identity[] = defaultIdentities): Accounts {
  const keys = identities.flatMap((owner) => owner.accessKeys.map((key) => ({ owner, key })));
  const user = identities.find(({ arn }) => !isRole(arn)) ?? defaultIdentities[0];
  if (user === undefined) throw new Error('Cannot start without an identity. Give one a key.');
  return {
    first: principalOf(user),
    findKey(id) {
      const found = keys.find(({ key }) => key.id === id);
      return found && { key: found.key, principal: principalOf(found.owner) };
    },
    findApiKey(key) {
      const owner = identities.find(({ apiKeys }) => apiKeys.includes(key));
      return owner && principalOf(owner);
    },
    findRole(arn, sessionName) {
      const role = identities.find((one) => isRole(one.arn) && matchesGlob(arn, one.arn));
      return role && isRole(arn) ? sessionOf(role, arn, sessionName) : undefined;
    },
    temporary: createTemporaryCredentials(sealingKey(identities)),
  };
}

export function isRole(arn: string): boolean {
  return /^arn:aws[a-z-]*:iam::[^:]*:role\/.+$/.test(arn);
}

/** `*` stands for any text; everything else for itself. */
export function matchesGlob(text: string, glob: string): boolean {
  const parts = glob.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}

function identity(
  arn: string,
  accessKeys: readonly AccessKey[] = [],
  apiKeys: readonly string[] = [],
): Identity {
  return { arn, accessKeys, apiKeys, deniedModels: [], unavailableModels: [] };
}

function principalOf(owner: Identity): Principal {
  return { arn: owner.arn, userId: `AIDA${idOf(owner.arn)}`, identity: owner };
}

/** `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION`; the role's path is not part of it. */
function sessionOf(role: Identity, arn: string, sessionName: string): Principal {
  const [, partition, , , account] = arn.split(':');
  const name = arn.split('/').at(-1);
  return {
    arn: `arn:${partition}:sts::${account}:assumed-role/${name}/${sessionName}`,
    userId: `AROA${idOf(arn)}:${sessionName}`,
    identity: role,
  };
}

/** Replicas with the same accounts take each other's temporary credentials. */
function sealingKey(identities: readonly Identity[]): Buffer {
  const secrets = identities.flatMap((one) => one.accessKeys.map(({ secret }) => secret));
  return hmac(Buffer.from('leakbed temporary credentials'), secrets.join('\n'));
}

/** 17 characters that are the same for the same ARN, as AWS's unique ids are. */
function idOf(arn: string): string {
  const bytes = hmac(Buffer.from('leakbed unique id'), arn);
  return [...bytes.subarray(0, 17)].map((byte) => base32.charAt(byte & 31)).join('');
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
