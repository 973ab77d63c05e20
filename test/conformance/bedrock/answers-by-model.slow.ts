// What the fake answers against the API's own model, with every kind of block: members that must be
// there are, their types and words are the model's, and members it lacks are those that the service
// is known to send beside it. Keys are sorted, as the service's serializer has them.

import { EventStreamCodec } from '@smithy/core/event-streams';
import { type Test, test } from 'tap';
import { systemClock } from '../../../injectors/determinism.ts';
import { claude } from '../../fixtures/bedrock-answer.ts';
import { mocksFor } from '../../fixtures/bedrock-clients.ts';
import { type ServiceModel, serviceModels } from '../../fixtures/service-model.ts';

type Json = Readonly<Record<string, unknown>>;

/** Seen in answers of the service and in no model. */
const unmodelled = new Set([
  'serverToolUsage',
  'cacheReadInputTokenCount',
  'cacheWriteInputTokenCount',
]);
/** Names that the service gives its own models and profiles keep to no pattern of the model. */
const freeNames = /\.(modelName|inferenceProfileName|description)$/;
const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
);
const models = await serviceModels();

const words = 'thinking=2 citations=1 tool=1 redacted=1 server-tools=1 images=1 stop=guardrail';
const user = (text: string) => [{ role: 'user', content: [{ text }] }];
const guardrail = { guardrailIdentifier: 'abc', guardrailVersion: '1', trace: 'enabled' };
const converse = {
  messages: user(`[[leakbed ${words}]]`),
  guardrailConfig: guardrail,
  toolConfig: { tools: [{ toolSpec: { name: 'weather', inputSchema: { json: {} } } }] },
  additionalModelResponseFieldPaths: ['/stop_sequence'],
  performanceConfig: { latency: 'optimized' },
  serviceTier: { type: 'flex' },
};
const job = {
  modelId: 'amazon.nova-reel-v1:0',
  modelInput: {},
  outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://bucket/x' } },
  clientRequestToken: 'token',
};
const checks = {
  contentFilter: { categories: [{ category: 'HATE' }] },
  promptAttack: { categories: [{ category: 'JAILBREAK' }] },
  sensitiveInformation: { entities: [{ type: 'EMAIL' }] },
};
const blocked = '[[leakbed stop=guardrail]]';

interface Asked {
  readonly operation: string;
  readonly path: string;
  /** Absent where it is a GET. */
  readonly body?: object;
}

const model = encodeURIComponent(claude);
const asked: readonly Asked[] = [
  { operation: 'Converse', path: `/model/${model}/converse`, body: converse },
  {
    operation: 'CountTokens',
    path: `/model/${model}/count-tokens`,
    body: { input: { converse: { messages: user('Hi') } } },
  },
  {
    operation: 'ApplyGuardrail',
    path: '/guardrail/abc/version/1/apply',
    body: { source: 'INPUT', content: [{ text: { text: blocked } }] },
  },
  {
    operation: 'InvokeGuardrailChecks',
    path: '/guardrail-checks/invoke',
    body: { messages: user(blocked), checks },
  },
  { operation: 'StartAsyncInvoke', path: '/async-invoke', body: job },
  { operation: 'ListAsyncInvokes', path: '/async-invoke' },
];
const controlled: readonly Asked[] = [
  { operation: 'ListFoundationModels', path: '/foundation-models' },
  { operation: 'GetFoundationModel', path: `/foundation-models/${model}` },
  { operation: 'ListInferenceProfiles', path: '/inference-profiles?maxResults=5' },
  { operation: 'GetInferenceProfile', path: `/inference-profiles/us.${model}` },
];

if (typeof models === 'string') {
  test('answers by the model', { skip: models }, async () => undefined);
} else {
  const { runtime, control } = models;

  test('JSON answers of the runtime are as the model has them', async (t) => {
    const { url } = await mocksFor(t);
    for (const one of asked) await checkJson(t, runtime, url, one);
    const started = await fetch(`${url}/async-invoke`, post({ ...job, clientRequestToken: 'b' }));
    const { invocationArn } = (await started.json()) as { readonly invocationArn: string };
    const path = `/async-invoke/${encodeURIComponent(invocationArn)}`;
    for (let poll = 0; poll < 3; poll++) {
      await checkJson(t, runtime, url, { operation: 'GetAsyncInvoke', path });
    }
  });

  test('JSON answers of the control plane are as the model has them', async (t) => {
    const { url } = await mocksFor(t);
    for (const one of controlled) await checkJson(t, control, url, one);
  });

  test('events of ConverseStream are as the model has them', async (t) => {
    const { url } = await mocksFor(t);
    const answer = await fetch(`${url}/model/${model}/converse-stream`, post(converse));
    t.equal(answer.headers.get('content-type'), 'application/vnd.amazon.eventstream');
    const kinds = new Set<string>();
    for (const { headers, body } of messagesOf(Buffer.from(await answer.arrayBuffer()))) {
      t.same(Object.keys(headers), [':event-type', ':content-type', ':message-type']);
      const type = String(headers[':event-type']?.value);
      kinds.add(type);
      const { p, ...event } = JSON.parse(Buffer.from(body).toString());
      t.match(p, /^ab[a-zA-Z0-9]{0,59}$/);
      const member = runtime.shape('ConverseStreamOutput').members?.[type]?.shape ?? type;
      t.same(differences(runtime, event, member, type), []);
    }
    t.equal(kinds.size, 6, 'every kind of event came');
  });

  test('a wrong answer is found: a member too many, too few, of another type or word', async (t) => {
    const wrong = { output: {}, stopReason: 'tired', usage: { inputTokens: '1' }, color: 'red' };
    const found = differences(runtime, wrong, 'ConverseResponse', '');
    for (const path of ['.metrics', '.stopReason', '.usage.inputTokens', '.color', '.usage.out']) {
      t.ok(
        found.some((problem) => problem.startsWith(path)),
        path,
      );
    }
  });
}

function post(body: object): RequestInit {
  const headers = { 'content-type': 'application/json' };
  return { method: 'POST', headers, body: JSON.stringify(body) };
}

async function checkJson(t: Test, model: ServiceModel, url: string, one: Asked): Promise<void> {
  const { operation, path, body } = one;
  const answer = await fetch(url + path, body && post(body));
  const text = await answer.text();
  t.equal(answer.status, 200, `${operation}: ${text.slice(0, 200)}`);
  t.equal(answer.headers.get('content-type'), 'application/json', operation);
  t.equal(answer.headers.get('content-length'), String(Buffer.byteLength(text)), operation);
  t.match(answer.headers.get('x-amzn-requestid'), /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
  t.ok(
    Math.abs(Date.parse(answer.headers.get('date') ?? '') - systemClock.wallTime().getTime()) <
      60_000,
    operation,
  );
  t.equal(answer.headers.get('content-encoding'), null, operation);
  const names = [...answer.headers.keys()].filter((name) => name.includes('token-count'));
  t.same(names, [], 'only InvokeModel counts tokens in headers');
  const value = JSON.parse(text);
  const shape = model.operations[operation]?.output.shape ?? '';
  t.same(differences(model, value, shape, operation), [], operation);
  t.equal(text, JSON.stringify(sorted(value)), `${operation}: keys in order`);
}

function messagesOf(bytes: Buffer) {
  const messages: ReturnType<typeof codec.decode>[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + bytes.readUInt32BE(at);
    messages.push(codec.decode(bytes.subarray(at, end)));
    at = end;
  }
  return messages;
}

function differences(model: ServiceModel, value: unknown, name: string, path: string): string[] {
  const shape = model.shape(name);
  if (shape.document === true) return [];
  const found = Array.isArray(value) ? 'list' : typeof value;
  const wanted = { structure: 'object', map: 'object', list: 'list', boolean: 'boolean' }[
    shape.type
  ];
  const plain = ['integer', 'long', 'float', 'double'].includes(shape.type) ? 'number' : 'string';
  if (value === null || found !== (wanted ?? plain))
    return [`${path}: ${found}, not ${shape.type}`];
  switch (shape.type) {
    case 'structure':
      return structureDifferences(model, value as Json, name, path);
    case 'list':
      return (value as readonly unknown[]).flatMap((item, index) =>
        differences(model, item, shape.member?.shape ?? '', `${path}[${index}]`),
      );
    case 'map':
      return Object.entries(value as Json).flatMap(([key, item]) =>
        differences(model, item, shape.value?.shape ?? '', `${path}{${key}}`),
      );
    case 'timestamp':
      return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(String(value)) ? [] : [`${path}: ${value}`];
    case 'string':
      return freeNames.test(path) || textFits(String(value), shape) ? [] : [`${path}: ${value}`];
    default:
      return [];
  }
}

function textFits(text: string, shape: ReturnType<ServiceModel['shape']>): boolean {
  const { pattern, min = 0, max = Number.MAX_SAFE_INTEGER } = shape;
  const isWord = shape.enum === undefined || shape.enum.includes(text) || newerWords.has(text);
  const isForm = pattern === undefined || new RegExp(`^(?:${pattern})$`, 's').test(text);
  return isWord && isForm && text.length >= min && text.length <= max;
}

/** Of models that the control plane lists, and in no model of it. */
const newerWords = new Set(['VIDEO', 'SPEECH', 'INFERENCE_PROFILE']);

function structureDifferences(model: ServiceModel, value: Json, name: string, path: string) {
  const { members = {}, required = [], union } = model.shape(name);
  const missing = required.filter((member) => value[member] === undefined);
  const given = Object.keys(value).filter((member) => !unmodelled.has(member));
  return [
    ...missing.map((member) => `${path}.${member}: is missing`),
    ...(union && given.length !== 1 ? [`${path}: ${given.length} members of a union`] : []),
    ...given.flatMap((member) => {
      const shape = members[member]?.shape;
      if (shape === undefined) return [`${path}.${member}: is not in the model`];
      return differences(model, value[member], shape, `${path}.${member}`);
    }),
  ];
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, sorted(member)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
