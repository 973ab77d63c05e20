import { test } from 'tap';
import { readSettings } from '../../../../harness/subjects/reference-node/settings.ts';

test('an empty environment gives the bounded defaults', async (t) => {
  t.match(readSettings({}), {
    host: '127.0.0.1',
    port: 0,
    apiKeys: ['leakbed'],
    billingQueueLimit: 1000,
    leak: undefined,
    aws: { region: 'us-east-1', useDummyCredentials: false },
  });
});

test('dummy credentials go to a plain HTTP endpoint only, and never beside real ones', async (t) => {
  const dummy = (env: Record<string, string>) => readSettings(env).aws.useDummyCredentials;
  const fake = { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: 'http://mocks:4010' };
  t.equal(dummy(fake), true);
  t.equal(dummy({ ...fake, AWS_ACCESS_KEY_ID: 'AKIA' }), false);
  t.equal(dummy({ AWS_ENDPOINT_URL_BEDROCK_RUNTIME: 'https://vpce.example' }), false);
});

const bad = [
  [{ PORT: '70000' }, /PORT=70000: it must be a whole number from 0 to 65535/],
  [{ BILLING_QUEUE_LIMIT: '-1' }, /BILLING_QUEUE_LIMIT=-1/],
  [{ API_KEYS: 'a,,b' }, /API_KEYS=a,,b: it must be a comma-separated list/],
  [{ LOG_LEVEL: 'loud' }, /LOG_LEVEL=loud: it must be one of/],
  [{ AWS_ENDPOINT_URL_BEDROCK_RUNTIME: 'mocks' }, /it must be a URL/],
] as const;

for (const [env, message] of bad) {
  test(`${Object.keys(env)} with a bad value is refused by name`, async (t) => {
    t.throws(() => readSettings(env), message);
  });
}
