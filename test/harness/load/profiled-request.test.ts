import { test } from 'tap';
import { encodeByProfile } from '../../../harness/load/profiled-request.ts';
import { readProfile } from '../../../harness/profiles/profile.ts';

const profile = readProfile(
  `
name: mine
url: http://127.0.0.1:8080
requests:
  bedrock:
    headers: { x-key: 'k-{apiKey}', x-all: 'yes-{model}' }
    stream:
      path: /models/{model}/ask
      model: us.claude:0
      headers: { x-all: mine }
      body: { input: { text: 'Say: {prompt}', stream: '{stream}' }, plain: '{other}' }
    chat: { path: /v1/chat, model: claude }
`,
  'mine.yaml',
);
const encode = encodeByProfile(profile, { apiKey: 'secret' });
const ask = {
  kind: 'chat',
  provider: 'bedrock',
  model: 'x',
  prompt: 'a "quoted" {model}',
} as const;

test('path, headers and body are those of the profile, filled in', async (t) => {
  const { path, headers, body } = encode({ ...ask, isStreamed: true });
  t.equal(path, '/models/us.claude%3A0/ask');
  t.same(headers, { 'x-key': 'k-secret', 'x-all': 'mine' });
  t.same(JSON.parse(`${body}`), {
    input: { text: 'Say: a "quoted" {model}', stream: true },
    plain: '{other}',
  });
});

test('without a body of its own a question is put as OpenAI has it', async (t) => {
  const { body } = encode({ ...ask, isStreamed: false, maxTokens: 5 });
  t.same(JSON.parse(`${body}`), {
    model: 'claude',
    messages: [{ role: 'user', content: ask.prompt }],
    stream: false,
    max_tokens: 5,
  });
});

test('what the profile has no question for is refused by name', async (t) => {
  const vertex = { ...ask, provider: 'vertex', isStreamed: true } as const;
  t.throws(() => encode(vertex), /Cannot ask mine for vertex stream/);
});
