// The gate of Google's services under `--auth verify`: who asks (access token, self-signed JWT or
// API key), with which scope, and may they. Throws a GoogleRefusal for everybody else.

import { matchesGlob } from '../accounts.ts';
import { sameText } from '../signing-key.ts';
import { type AccessTokens, cloudPlatform } from './access-token.ts';
import { type ApiKey, findAccount, type GoogleAccount, type GoogleDirectory } from './directory.ts';
import {
  type AskedMethod,
  apiKeyInvalid,
  credentialsMissing,
  invalidToken,
  permissionDenied,
  projectDenied,
  quotaProjectDenied,
  scopeInsufficient,
} from './refusal.ts';
import { verifySelfSigned } from './self-signed.ts';

/** Where clients impersonate service accounts; Python's ask with no more than this scope. */
export const iamService = 'iamcredentials.googleapis.com';
const iamScope = 'https://www.googleapis.com/auth/iam';

export interface Presented {
  readonly authorization: string | undefined;
  /** From the header, or from the query. */
  readonly apiKey: string | undefined;
  /** The project that is to be billed, from `x-goog-user-project`. */
  readonly userProject: string | undefined;
  /** The Host header, which a self-signed token may name as its audience. */
  readonly host: string | undefined;
}

export interface Access {
  readonly permission: string;
  /** `projects/P/locations/L/publishers/google/models/M`. */
  readonly resource: string;
}

export interface GateParts {
  readonly directory: GoogleDirectory;
  readonly tokens: AccessTokens;
  now(): Date;
}

export interface GoogleGate {
  authenticate(presented: Presented, asked: AskedMethod): GoogleAccount;
  authorize(account: GoogleAccount, access: Access, asked: AskedMethod): void;
}

export function createGoogleGate(parts: GateParts): GoogleGate {
  return {
    authenticate(presented, asked) {
      const bearer = bearerOf(presented.authorization);
      const { apiKey, userProject } = presented;
      if (bearer === undefined && apiKey === undefined) throw credentialsMissing(asked);
      const keyOwner = apiKey === undefined ? undefined : ownerOf(apiKey, parts, asked);
      const account = bearer === undefined ? keyOwner : holderOf(bearer, presented, parts, asked);
      if (account === undefined) throw credentialsMissing(asked);
      if (userProject !== undefined && account.deniedProjects.includes(userProject)) {
        throw quotaProjectDenied(userProject, asked);
      }
      return account;
    },
    authorize({ deniedModels, deniedProjects }, { permission, resource }, asked) {
      const [, project] = /^projects\/([^/]+)/.exec(resource) ?? [];
      if (project !== undefined && deniedProjects.includes(project)) {
        throw projectDenied(project, asked);
      }
      const [name] = /publishers\/.*$|endpoints\/.*$/.exec(resource) ?? [];
      const names = [name ?? resource, resource.slice(resource.lastIndexOf('/') + 1)];
      const isDenied = deniedModels.some((glob) => names.some((one) => matchesGlob(one, glob)));
      if (isDenied) throw permissionDenied(permission, resource, asked);
    },
  };
}

/** Another scheme is a credential too, though one that nobody takes. */
function bearerOf(authorization = ''): string | undefined {
  const value = authorization.trim().replace(/^Bearer(?: +|$)/i, '');
  return value === '' ? undefined : value;
}

function holderOf(
  bearer: string,
  { host }: Presented,
  { directory, tokens, now }: GateParts,
  asked: AskedMethod,
): GoogleAccount {
  const grant = tokens.open(bearer) ?? verifySelfSigned(bearer, { directory, host, now, asked });
  const account = grant && findAccount(directory, grant.name);
  if (grant === undefined || account === undefined) {
    throw invalidToken('ACCESS_TOKEN_TYPE_UNSUPPORTED', asked);
  }
  if (grant.expiresAt <= now()) throw invalidToken('ACCESS_TOKEN_EXPIRED', asked);
  if (!isEnough(grant.scope, asked)) throw scopeInsufficient(cloudPlatform, asked);
  return account;
}

/** The read-only scope reads what there is, and asks no model; IAM has a scope of its own. */
function isEnough(scope: string, { service, method }: AskedMethod): boolean {
  const scopes = scope.split(' ');
  if (scopes.includes(cloudPlatform)) return true;
  if (service === iamService && scopes.includes(iamScope)) return true;
  return scopes.includes(`${cloudPlatform}.read-only`) && /\.(?:Get|List)[A-Z]\w*$/.test(method);
}

function ownerOf(key: string, { directory, now }: GateParts, asked: AskedMethod): GoogleAccount {
  for (const account of directory.accounts) {
    const found = account.apiKeys.find((one) => sameText(one.key, key));
    if (found !== undefined) {
      if (isOver(found, now())) throw apiKeyInvalid(true, asked);
      return account;
    }
  }
  throw apiKeyInvalid(false, asked);
}

export function isOver({ expiresAt }: Pick<ApiKey, 'expiresAt'>, now: Date): boolean {
  return expiresAt !== undefined && new Date(expiresAt) <= now;
}
