// Seeded malformed requests to every method, over REST and gRPC: each is answered or refused in the
// service's vocabulary, and none ends in an error of our own.

import { test } from 'tap';
import { type Rng, seededRng } from '../../../injectors/determinism.ts';
import { type ApiRequest, ProviderError } from '../../../mocks/provider.ts';
import generated from '../../../mocks/vertex/methods.generated.json' with { type: 'json' };
import { messageType } from '../../../mocks/vertex/protos.ts';
import { vertex } from '../../../mocks/vertex/provider.ts';
import { framesOf, grpcRequest, restRequest, userContents } from '../../fixtures/vertex-api.ts';

const repeats = 5000;
const methods = Object.entries(generated);

const names = [
  'projects/p/locations/l/publishers/google/models/gemini-2.5-flash',
  'projects/p/locations/l/publishers/google/models/text-embedding-005',
  'projects/p/locations/l/publishers/google/models/multimodalembedding',
  'projects/p/locations/l/publishers/anthropic/models/claude-sonnet-4-5',
  'projects/p/locations/l/publishers/mistralai/models/m',
  'projects/p/locations/l/endpoints/openapi',
  'endpoints/7',
  'projects/p/locations/l',
  'projects/p/locations/l/cachedContents/7',
  '%E0%A4%A',
  '',
];
const keys = [
  ...['contents', 'instances', 'parameters', 'tools', 'toolConfig', 'generationConfig', 'model'],
  ...['cachedContent', 'messages', 'max_tokens', 'stream', 'anthropic_version', 'inputs', 'input'],
  ...['content', 'parts', 'text', 'role', 'functionDeclarations', 'name', 'ttl', 'constructor'],
  ...['embedContentConfig', 'pageSize', '__proto__', 'operationName', 'httpBody', 'stringVal'],
];

/** JSON of any shape, made of names that requests use. */
function anything(rng: Rng, depth = 0): unknown {
  const scalars = [null, true, 0, -1, 1e308, '', 'user', 'x\u0000', '🙂', [], {}, rng.pick(names)];
  if (depth > 4 || rng.next() < 0.3) return rng.pick(scalars);
  if (rng.next() < 0.4) {
    return Array.from({ length: rng.integer(0, 3) }, () => anything(rng, depth + 1));
  }
  const entries = Array.from({ length: rng.integer(0, 5) }, () => [
    rng.pick(keys),
    anything(rng, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

function restOf(rng: Rng): ApiRequest {
  const [, { http }] = rng.pick(methods);
  const [verb = 'POST', template = '/v1/x'] = http.length === 0 ? [] : rng.pick(http);
  const path = template.replace(/\{[^}]*\}/, () => rng.pick(names));
  const usual = { contents: userContents('hi'), ...(anything(rng) as object) };
  const body = rng.next() < 0.2 ? rng.pick(['{', '[]', '"x"', '\u0000', '']) : usual;
  const query = rng.pick(['', '?alt=sse', '?$alt=json;enum-encoding=int', '?pageSize=x', '?%']);
  return restRequest({ path: path + query, body, method: rng.next() < 0.1 ? 'PUT' : verb });
}

function grpcOf(rng: Rng): ApiRequest {
  const [fullName, { request }] = rng.pick(methods);
  const random = () => Buffer.from(Array.from({ length: 30 }, () => rng.integer(0, 255)));
  let bytes: Uint8Array = random();
  if (rng.next() < 0.7) {
    const type = messageType(request);
    const name = rng.pick(names);
    const fields = { endpoint: name, model: name, name, parent: name, contents: userContents('x') };
    bytes = Buffer.from(type.encode(type.fromObject(fields)).finish());
    const harm = rng.integer(0, 2);
    if (harm === 0) bytes = Buffer.concat([bytes, random()]);
    if (harm === 1) bytes = bytes.subarray(0, rng.integer(0, bytes.length));
  }
  return { ...grpcRequest('', bytes), rawPath: `/${fullName}` };
}

for (const [name, make] of Object.entries({ REST: restOf, gRPC: grpcOf })) {
  test(`${repeats} malformed ${name} requests are answered or refused`, async (t) => {
    const rng = seededRng(17).fork(name);
    const wrong: string[] = [];
    let answered = 0;
    let refused = 0;
    for (let count = 0; count < repeats; count++) {
      const request = make(rng);
      try {
        if (vertex.route(request) === undefined) continue;
        framesOf(request, { chunks: 2, tool: rng.integer(0, 1) });
        answered += 1;
      } catch (error) {
        refused += 1;
        if (!(error instanceof ProviderError)) {
          wrong.push(`${request.rawPath} ${request.body}: ${(error as Error).stack}`);
        } else vertex.errorAnswer(error.code, error.message, request);
      }
    }
    t.same(wrong.slice(0, 3), []);
    t.ok(answered > 100 && refused > 100, `${answered} answered, ${refused} refused`);
  });
}
