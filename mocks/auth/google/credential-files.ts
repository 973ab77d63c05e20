// The files that Google's clients take credentials from, pointing to the fake: a service account's
// key, a user's, and a workload of another cloud. For their owner's eyes only.

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  awsAudience,
  firstAccount,
  type GoogleDirectory,
  oidcAudience,
  uniqueId,
} from './directory.ts';
import { identityToken } from './identity-token.ts';
import type { SigningKey } from './signing-key.ts';

export interface CredentialFiles {
  readonly serviceAccount: string;
  readonly authorizedUser: string;
  readonly externalAccount: string;
  /** Takes its subject token from the fake's metadata server. */
  readonly externalAccountUrl: string;
  /** Takes AWS credentials from the environment, or from the fake's instance metadata. */
  readonly externalAccountAws: string;
}

export interface CredentialFileParts {
  /** Gets a folder of its own inside for each address. */
  readonly folder: string;
  readonly url: string;
  readonly key: SigningKey;
  readonly directory: GoogleDirectory;
  readonly now: Date;
}

const identityPath = '/computeMetadata/v1/instance/service-accounts/default/identity';
const yearSeconds = 365 * 86_400;
const jwtType = 'urn:ietf:params:oauth:token-type:jwt';

export async function writeCredentialFiles(
  parts: CredentialFileParts,
): Promise<CredentialFiles & AsyncDisposable> {
  const folder = join(parts.folder, new URL(parts.url).host.replaceAll(/[^\w.-]+/g, '-'));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const write = async (name: string, content: object | string) => {
    const file = join(folder, name);
    // An old file would keep its mode.
    await rm(file, { force: true });
    const text = typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`;
    await writeFile(file, text, { mode: 0o600, flag: 'wx' });
    return file;
  };
  const email = firstAccount(parts.directory).name;
  const subject = { email, audience: `https:${oidcAudience}`, lastsSeconds: yearSeconds };
  const tokenFile = await write('subject-token.jwt', identityToken(subject, parts.key, parts.now));
  const { url } = parts;
  return {
    serviceAccount: await write('service-account.json', serviceAccount(email, parts)),
    authorizedUser: await write('authorized-user.json', authorizedUser(parts)),
    externalAccount: await write(
      'external-account.json',
      externalAccount(url, oidcAudience, jwtType, { file: tokenFile }),
    ),
    externalAccountUrl: await write(
      'external-account-url.json',
      externalAccount(url, oidcAudience, jwtType, {
        url: `${url}${identityPath}?audience=${encodeURIComponent(subject.audience)}`,
        headers: { 'Metadata-Flavor': 'Google' },
      }),
    ),
    externalAccountAws: await write('external-account-aws.json', awsAccount(url)),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function serviceAccount(email: string, { url, key, directory }: CredentialFileParts) {
  return {
    type: 'service_account',
    project_id: directory.project,
    private_key_id: key.id,
    private_key: key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    client_email: email,
    client_id: uniqueId(email),
    auth_uri: 'https://accounts.google.com/o/oauth2/auth',
    token_uri: `${url}/token`,
    universe_domain: 'googleapis.com',
  };
}

/** With an empty token where the directory has no user. */
function authorizedUser({ url, directory }: CredentialFileParts) {
  const [refresh] = directory.accounts.flatMap(({ refreshTokens }) => refreshTokens);
  return {
    type: 'authorized_user',
    client_id: refresh?.clientId ?? '',
    client_secret: refresh?.clientSecret ?? '',
    refresh_token: refresh?.token ?? '',
    token_uri: `${url}/token`,
    quota_project_id: directory.project,
    universe_domain: 'googleapis.com',
  };
}

function externalAccount(url: string, audience: string, type: string, source: object) {
  return {
    type: 'external_account',
    audience,
    subject_token_type: type,
    token_url: `${url}/v1/token`,
    credential_source: source,
    universe_domain: 'googleapis.com',
  };
}

function awsAccount(url: string) {
  const metadata = `${url}/latest/meta-data`;
  return externalAccount(url, awsAudience, 'urn:ietf:params:aws:token-type:aws4_request', {
    environment_id: 'aws1',
    region_url: `${metadata}/placement/availability-zone`,
    url: `${metadata}/iam/security-credentials`,
    imdsv2_session_token_url: `${url}/latest/api/token`,
    regional_cred_verification_url:
      'https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15',
  });
}
