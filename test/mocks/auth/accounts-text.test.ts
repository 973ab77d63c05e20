// Accounts from a user's JSON: what is taken, what is refused, and that no refusal shows a secret.

import { test } from 'tap';
import { parseAccounts } from '../../../mocks/auth/accounts-text.ts';

const key = { id: 'AKIAIOSFODNN7EXAMPLE', secret: 'a very secret secret' };
const arn = 'arn:aws:iam::123456789012:user/gateway';

test('an identity needs only its ARN', async (t) => {
  t.same(parseAccounts(JSON.stringify([{ arn }]), 'FILE'), [
    { arn, accessKeys: [], apiKeys: [], deniedModels: [], unavailableModels: [] },
  ]);
});

test('keys and denied models are taken as they are', async (t) => {
  const one = { arn, accessKeys: [key], deniedModels: ['anthropic.*'] };
  t.match(parseAccounts(JSON.stringify([one]), 'FILE'), [one]);
});

test('all problems are named at once, with the place and without the value', async (t) => {
  const wrong = [{ arn: 'gateway', accessKeys: [{ ...key, id: 'short', colour: 'red' }] }];
  try {
    parseAccounts(JSON.stringify(wrong), 'accounts.json');
    t.fail('nothing was refused');
  } catch (error) {
    const { message } = error as Error;
    t.match(message, /^Cannot use the accounts of accounts\.json: /);
    t.match(message, '/0/arn');
    t.match(message, '/0/accessKeys/0');
    t.notMatch(message, 'secret secret');
  }
});

test('an end that is no time is refused', async (t) => {
  const text = (expiresAt: string) =>
    JSON.stringify([{ arn, accessKeys: [{ ...key, expiresAt }] }]);
  t.throws(() => parseAccounts(text('tomorrow'), 'FILE'), { message: /expiresAt/ });
  t.doesNotThrow(() => parseAccounts(text('2030-01-01T00:00:00Z'), 'FILE'));
});

test('text that is no JSON is refused without being quoted', async (t) => {
  const broken = `[{"arn": "${arn}", "accessKeys": [${JSON.stringify(key)}`;
  t.throws(() => parseAccounts(broken, 'LEAKBED_ACCOUNTS'), {
    message: 'Cannot read the accounts of LEAKBED_ACCOUNTS: it is not JSON.',
  });
});
