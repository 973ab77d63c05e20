// Sealed credentials: what was issued opens, and nothing else does.

import { test } from 'tap';
import { seededRng } from '../../../injectors/determinism.ts';
import { createTemporaryCredentials } from '../../../mocks/auth/temporary-credentials.ts';

const session = {
  roleArn: 'arn:aws:iam::123456789012:role/gateway',
  sessionName: 'session',
  expiresAt: new Date('2030-01-01T00:00:00Z'),
};
const issuer = createTemporaryCredentials(Buffer.from('key'));

test('what was issued opens with the same session and secret', async (t) => {
  const { sessionToken, accessKeyId, secretAccessKey } = issuer.issue(session, 'nonce');
  t.same(issuer.open(sessionToken, accessKeyId), { ...session, secretAccessKey });
});

test('a token with any byte changed, added or dropped does not open', async (t) => {
  const { sessionToken, accessKeyId } = issuer.issue(session, 'nonce');
  const rng = seededRng(3);
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_ ';
  for (let at = 0; at < sessionToken.length; at++) {
    const other = rng.pick([...letters].filter((letter) => letter !== sessionToken[at]));
    const changed = sessionToken.slice(0, at) + other + sessionToken.slice(at + 1);
    if (issuer.open(changed, accessKeyId) !== undefined) t.fail(`${at}: ${other} opens`);
  }
  for (const other of [`${sessionToken}=`, `${sessionToken} `, sessionToken.slice(0, -1), '']) {
    t.equal(issuer.open(other, accessKeyId), undefined);
  }
});

test('a token does not open with another key or another issuer', async (t) => {
  const { sessionToken, accessKeyId } = issuer.issue(session, 'nonce');
  t.equal(issuer.open(sessionToken, 'ASIAOTHERKEY'), undefined);
  const other = createTemporaryCredentials(Buffer.from('other key'));
  t.equal(other.open(sessionToken, accessKeyId), undefined);
});

test('what is sealed for one purpose does not open for another', async (t) => {
  const token = issuer.seal('imds', '123');
  t.equal(issuer.unseal('imds', token), '123');
  t.equal(issuer.unseal('session', token), undefined);
});
