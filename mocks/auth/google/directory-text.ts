// Google's directory as JSON text, from a file or a variable: checked as a whole, every problem
// named at once, and no problem ever shows a secret. What is left out is as by default.

import { createPublicKey } from 'node:crypto';
import { Type } from 'typebox';
import { Check, Errors } from 'typebox/value';
import { defaultDirectory, type GoogleDirectory, googleAccount } from './directory.ts';

const strict = { additionalProperties: false };
const Text = Type.String({ minLength: 1 });
const Texts = Type.Optional(Type.Array(Text));
const Until = Type.Optional(Type.String({ format: 'date-time' }));
const Keys = Type.Array(Type.Object({ id: Text, pem: Text }, strict));
const Account = Type.Object(
  {
    name: Type.String({ pattern: '^(?:[^@\\s]+@[^@\\s]+|principal://\\S+)$' }),
    publicKeys: Type.Optional(Keys),
    refreshTokens: Type.Optional(
      Type.Array(
        Type.Object({ token: Text, clientId: Text, clientSecret: Text, expiresAt: Until }, strict),
      ),
    ),
    apiKeys: Type.Optional(Type.Array(Type.Object({ key: Text, expiresAt: Until }, strict))),
    deniedModels: Texts,
    deniedProjects: Texts,
  },
  strict,
);
const audience = Type.String({
  pattern: '^//iam\\.googleapis\\.com/.+/workloadIdentityPools/[^/]+/providers/[^/]+$',
});
const Provider = Type.Union([
  Type.Object({ kind: Type.Literal('oidc'), audience, issuer: Text, publicKeys: Keys }, strict),
  Type.Object({ kind: Type.Literal('aws'), audience }, strict),
]);
const Directory = Type.Object(
  {
    project: Type.Optional(Text),
    projectNumber: Type.Optional(Type.String({ pattern: '^\\d+$' })),
    accounts: Type.Array(Account, { minItems: 1 }),
    providers: Type.Optional(Type.Array(Provider)),
    tokenSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 43_200 })),
  },
  strict,
);

/** Throws one Error that lists all problems. `where` names the file or variable. */
export function parseDirectory(text: string, where: string): GoogleDirectory {
  const value = parseJson(text, where);
  if (!Check(Directory, value)) {
    const problems = [...Errors(Directory, value)].map(
      ({ instancePath, message }) => `${instancePath || 'the directory'} ${message}`,
    );
    throw new Error(`Cannot use the accounts of ${where}: ${problems.join('; ')}.`);
  }
  const accounts = value.accounts.map(googleAccount);
  const providers = value.providers ?? defaultDirectory.providers;
  const keys = [...accounts, ...(value.providers ?? [])].flatMap((owner) =>
    'publicKeys' in owner ? owner.publicKeys : [],
  );
  const unreadable = keys.filter(({ pem }) => !isPublicKey(pem)).map(({ id }) => id);
  if (unreadable.length > 0) {
    throw new Error(
      `Cannot use the accounts of ${where}: no public key in PEM is ${unreadable.join(', ')}.`,
    );
  }
  return { ...defaultDirectory, ...value, accounts, providers };
}

/** The parser's own message would quote the text. */
function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`Cannot read the accounts of ${where}: it is not JSON.`);
  }
}

function isPublicKey(pem: string): boolean {
  try {
    return createPublicKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
