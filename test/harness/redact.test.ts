// What counts as a secret, and what must stay readable.

import { test } from 'tap';
import { redact, redactText } from '../../harness/redact.ts';

const secrets: Readonly<Record<string, string>> = {
  'OPENAI_API_KEY=abc node x': 'OPENAI_API_KEY=[redacted] node x',
  '--token=abc --port 80': '--token=[redacted] --port 80',
  "--password 'a b' --port 80": '--password [redacted] --port 80',
  '{"clientSecret":"abc","port":80}': '{"clientSecret":[redacted],"port":80}',
  'postgres://bob:abc@db/x': 'postgres://[redacted]@db/x',
  'https://h/x?key=abc&alt=sse': 'https://h/x?key=[redacted]&alt=sse',
  'Authorization: Bearer abcdefgh': 'Authorization: Bearer [redacted]',
  'id AKIAIOSFODNN7EXAMPLE used': 'id [redacted] used',
  'jwt eyJhbGciOi.eyJzdWIi.sig': 'jwt [redacted]',
};

for (const [text, safe] of Object.entries(secrets)) {
  test(`${text} loses its secret`, async (t) => {
    t.equal(redactText(text), safe);
  });
}

const harmless = [
  'leakbed run --max-tokens 20 --seed 7',
  'max_tokens=20 monkey=3 tokens: 5',
  '--api-key $OPENAI_API_KEY',
  'http://127.0.0.1:8080/api/v1?alt=sse',
  "Unexpected token '<' at position 0",
];

for (const text of harmless) {
  test(`${text} stays as it is`, async (t) => {
    t.equal(redactText(text), text);
  });
}

test('fields are judged by their names, at any depth, and numbers are kept', async (t) => {
  t.same(redact({ env: { apiKey: 'a', PORT: '80', tokens: 3 }, list: ['PASSWORD=x'] }), {
    env: { apiKey: '[redacted]', PORT: '80', tokens: 3 },
    list: ['PASSWORD=[redacted]'],
  });
});
