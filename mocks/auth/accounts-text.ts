// Accounts as JSON text, from a file or a variable: checked as a whole, every problem named at
// once, and no problem ever shows a secret.

import { Type } from 'typebox';
import { Check, Errors } from 'typebox/value';
import type { Identity } from './accounts.ts';

const Key = Type.Object(
  {
    id: Type.String({ pattern: '^\\w{16,128}$' }),
    secret: Type.String({ minLength: 1 }),
    sessionToken: Type.Optional(Type.String({ minLength: 1 })),
    expiresAt: Type.Optional(Type.String({ format: 'date-time' })),
  },
  { additionalProperties: false },
);
const Texts = Type.Optional(Type.Array(Type.String({ minLength: 1 })));
const Identities = Type.Array(
  Type.Object(
    {
      arn: Type.String({ pattern: '^arn:aws[a-z-]*:iam::[\\d*]+:(?:user|role)/.+$' }),
      accessKeys: Type.Optional(Type.Array(Key)),
      apiKeys: Texts,
      deniedModels: Texts,
      unavailableModels: Texts,
    },
    { additionalProperties: false },
  ),
  { minItems: 1 },
);

/** Throws one Error that lists all problems. `where` names the file or variable. */
export function parseAccounts(text: string, where: string): readonly Identity[] {
  const value = parseJson(text, where);
  if (!Check(Identities, value)) {
    const problems = [...Errors(Identities, value)].map(
      ({ instancePath, message }) => `${instancePath || 'the list'} ${message}`,
    );
    throw new Error(`Cannot use the accounts of ${where}: ${problems.join('; ')}.`);
  }
  return value.map((one) => ({
    arn: one.arn,
    accessKeys: one.accessKeys ?? [],
    apiKeys: one.apiKeys ?? [],
    deniedModels: one.deniedModels ?? [],
    unavailableModels: one.unavailableModels ?? [],
  }));
}

/** The parser's own message would quote the text. */
function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`Cannot read the accounts of ${where}: it is not JSON.`);
  }
}
