import { test } from 'tap';
import { openProfile, shippedProfiles } from '../../../harness/profiles/open-profile.ts';
import { readProfile, runtimeOfHook } from '../../../harness/profiles/profile.ts';

const least = `
name: mine
url: http://127.0.0.1:8080
requests: { bedrock: { chat: { path: /v1/chat/completions, model: claude } } }
`;

test('every shipped profile is valid, and named as its file', async (t) => {
  const names = shippedProfiles();
  t.same(names, ['bifrost', 'litellm', 'portkey']);
  for (const name of names) t.equal(openProfile(name).name, name);
});

test('the least profile is a name, a URL and one question', async (t) => {
  t.match(readProfile(least, 'mine.yaml'), { name: 'mine', requests: { bedrock: {} } });
});

test('every problem is told at once, with the path of what is wrong', async (t) => {
  const source = `
name: My Gateway
start: { comand: [node] }
requests: { bedrock: { chat: { path: v1, model: claude } }, azure: {} }
ready: { path: /, seconds: 0 }
`;
  const tell = () => readProfile(source, 'mine.yaml');
  for (const message of [
    /^Cannot use profile mine\.yaml:\n/,
    /^ {2}name: /m,
    /^ {2}url: is missing\.$/m,
    /^ {2}start\.command: is missing\.$/m,
    /^ {2}start\.comand: there is no such field\. Did you mean "command"\?/m,
    /^ {2}requests\.azure: there is no such field\. Known: bedrock, vertex, models\.$/m,
    /^ {2}requests\.bedrock\.chat\.path: /m,
    /^ {2}ready\.seconds: /m,
  ]) {
    t.throws(tell, message);
  }
});

for (const [what, source, message] of [
  ['no YAML', 'name: [', /Cannot use profile x/],
  [
    'nothing to ask',
    least.replace(/requests.*/, 'requests: {}'),
    /requests: no chat and no stream/,
  ],
  ['a port for nothing', least.replace('8080', '{port}'), /start is missing/],
  [
    'an unknown ledger',
    `${least}billing: { ledger: { url: "mysql://db/x" } }`,
    /billing\.ledger\.url: must be postgres:\/\/… or sqlite:FILE\.$/m,
  ],
  ['no URL', least.replace('http://127.0.0.1:8080', 'here'), /url: "here" is no URL/],
] as const) {
  test(`a profile with ${what} is refused`, async (t) => {
    t.throws(() => readProfile(source, 'x'), message);
  });
}

test('what is allowed is said where a word stands for nothing', async (t) => {
  const source = `
name: Mine
start: { command: [node, "{prot}"], environment: { PORT: "{port}", URL: "{mock}" } }
url: http://127.0.0.1:{port}
requests: { bedrock: { chat: { path: v1, model: claude } } }
billing: { hook: consume }
`;
  const fixed = source.replace('Mine', 'mine').replace('v1', '/v1');
  const shape = () => readProfile(source, 'mine.yaml');
  t.throws(shape, /name: must be of lower-case letters, digits and dashes, such as my-gateway\.$/m);
  t.throws(shape, /requests\.bedrock\.chat\.path: must be a path that begins with "\/"\.$/m);
  const meaning = () => readProfile(fixed, 'mine.yaml');
  t.throws(meaning, /start\.command\.1: \{prot\} stands for nothing\. Did you mean "port"\?/);
  t.throws(meaning, /start\.environment\.URL: \{mock\} stands .* Did you mean "mocks"\?/);
  t.throws(
    meaning,
    /billing\.hook: "consume" names no consumer\. Of Node: path#export, .*of Python/,
  );
});

for (const [words, runtime] of [
  ['src/billing.js#Worker.prototype.consume', 'node'],
  ['bullmq:billing', 'node'],
  ['app.billing:Worker.consume', 'python'],
  ['app/billing', null],
] as const) {
  test(`the hook ${words} is of ${runtime ?? 'no runtime'}`, async (t) => {
    t.equal(runtimeOfHook(words), runtime);
  });
}

test('a profile that is not there is told with those that are', async (t) => {
  t.throws(() => openProfile('litelm'), /Cannot open profile "litelm".*Did you mean "litellm"\?/);
  t.throws(() => openProfile('/tmp'), /Cannot open profile "\/tmp": there is no such file/);
});
