// Google's accounts as JSON: what is left out is as by default, and every problem is named at once.

import { test } from 'tap';
import { defaultDirectory } from '../../../../mocks/auth/google/directory.ts';
import { parseDirectory } from '../../../../mocks/auth/google/directory-text.ts';
import { createSigningKey } from '../../../../mocks/auth/google/signing-key.ts';

test('a name is enough, the rest is as by default', async (t) => {
  const directory = parseDirectory('{"accounts":[{"name":"a@b.c"}]}', 'here');
  t.same(directory, {
    ...defaultDirectory,
    accounts: [
      {
        name: 'a@b.c',
        publicKeys: [],
        refreshTokens: [],
        apiKeys: [],
        deniedModels: [],
        deniedProjects: [],
      },
    ],
  });
});

test('all that can be said is taken as it is', async (t) => {
  const { id, publicPem: pem } = createSigningKey();
  const audience =
    '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q';
  const given = {
    project: 'mine',
    projectNumber: '42',
    tokenSeconds: 60,
    accounts: [
      {
        name: 'a@b.c',
        publicKeys: [{ id, pem }],
        refreshTokens: [{ token: 't', clientId: 'i', clientSecret: 's' }],
        apiKeys: [{ key: 'k', expiresAt: '2030-01-01T00:00:00Z' }],
        deniedModels: ['claude-*'],
        deniedProjects: ['p'],
      },
    ],
    providers: [
      { kind: 'oidc', audience, issuer: 'https://issuer.example', publicKeys: [{ id, pem }] },
      { kind: 'aws', audience: `${audience}2` },
    ],
  };
  t.same(parseDirectory(JSON.stringify(given), 'here'), given);
});

test('every problem is named at once, and no secret with it', async (t) => {
  const apiKeys = [{ key: 'hush', until: 1 }];
  const text = JSON.stringify({ accounts: [{ name: 'none', apiKeys }], tokenSeconds: 0 });
  const refused = () => parseDirectory(text, 'accounts.json');
  t.throws(refused, { message: /accounts\.json: .*\/accounts\/0\/name/ });
  t.throws(refused, { message: /\/tokenSeconds/ });
  t.throws(refused, { message: /^(?!.*hush)/ });
  t.throws(() => parseDirectory('{hush', 'here'), { message: /^(?!.*hush).*it is not JSON\.$/ });
  const publicKeys = [{ id: 'broken', pem: 'hush' }];
  const unreadable = JSON.stringify({ accounts: [{ name: 'a@b.c', publicKeys }] });
  t.throws(() => parseDirectory(unreadable, 'here'), {
    message: /^(?!.*hush).*no public key in PEM is broken\.$/,
  });
});
