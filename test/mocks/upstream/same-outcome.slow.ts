// The same fault gives a real SDK the same outcome in front of an upstream as in the fakes: for
// each framing and fault a client asks the fakes with that plan, then a proxy with it before fakes
// that have none.

import { ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttp2Handler, NodeHttpHandler } from '@smithy/node-http-handler';
import { type Test, test } from 'tap';
import { parseFaultWords } from '../../../injectors/plan.ts';
import { type Mocks, startMocks } from '../../../mocks/server.ts';
import { sdkClient } from '../../fixtures/bedrock-clients.ts';
import { claude } from '../../fixtures/raw-clients.ts';
import {
  genai,
  genaiStream,
  grpcOptions,
  predictionClients,
  restOptions,
  sdkStream,
} from '../../fixtures/vertex-clients.ts';

const everywhere = [
  'noop',
  'truncate;at=3',
  'truncate;at=3;end=cut',
  'truncate;at=mid-frame:2',
  'truncate;at=600B;end=cut',
  'reset;at=2',
  'stall;at=2;for=30ms',
  'slow;gap=2ms',
  'split;bytes=5',
  'coalesce;count=4',
  'drop;at=3;count=2',
  'duplicate;at=3',
  'reorder;at=2',
  'bandwidth;rate=1MiB',
  'exception;name=throttling;at=2',
  'status;code=503',
  'slow-headers;for=20ms',
  'html-error',
];
const inJson = ['corrupt;at=2', 'malformed-json;at=3'];

type Reader = (mocks: Mocks, t: Test) => Promise<string>;

const clients: Readonly<Record<string, readonly [Reader, readonly string[]]>> = {
  'Bedrock over HTTP/2': [
    bedrock(() => new NodeHttp2Handler()),
    [...everywhere, ...inJson, 'garbage;at=2'],
  ],
  'Bedrock over HTTP/1.1': [bedrock(() => new NodeHttpHandler()), [...everywhere, ...inJson]],
  'Vertex AI over gRPC': [
    (mocks, t) => vertex(predictionClients(grpcOptions(mocks)), t),
    [...everywhere, 'grpc-status;code=8', 'no-trailers', 'bad-length-prefix', 'half-message'],
  ],
  'Vertex AI in a JSON array': [
    (mocks, t) => vertex(predictionClients(restOptions(mocks)), t),
    [...everywhere, ...inJson, 'array-never-closed'],
  ],
  'Vertex AI in SSE': [
    (mocks) => genaiStream(genai(mocks), ''),
    [...everywhere, ...inJson, 'sse-no-newline', 'sse-comment'],
  ],
};

for (const [name, [read, faults]] of Object.entries(clients)) {
  test(`${name}: the outcome of each fault is the same behind a proxy`, async (t) => {
    const direct = await startMocks({ port: 0, seed: 1 });
    const upstream = await startMocks({ port: 0, seed: 1 });
    const proxy = await startMocks({ port: 0, seed: 1, upstream: new URL(upstream.url) });
    t.teardown(() => Promise.all([direct, proxy, upstream].map((mocks) => mocks.close())));
    for (const words of faults) {
      const plan = { faults: [parseFaultWords(words)] };
      for (const mocks of [direct, proxy]) t.same(mocks.plan.set(plan), []);
      const expected = await read(direct, t);
      t.equal(await read(proxy, t), expected, `${words}: ${expected}`);
    }
  });
}

function bedrock(handler: () => NodeHttpHandler | NodeHttp2Handler): Reader {
  return async (mocks, t) => {
    const client = sdkClient(t, mocks, { requestHandler: handler(), maxAttempts: 1 });
    const messages = [{ role: 'user' as const, content: [{ text: 'Hi.' }] }];
    let events = 0;
    try {
      const command = new ConverseStreamCommand({ modelId: claude, messages });
      const { stream } = await client.send(command);
      for await (const _ of stream ?? []) events += 1;
      return `ok ${events}`;
    } catch (error) {
      return `${error instanceof Error ? error.name : error} ${events}`;
    }
  };
}

function vertex(api: ReturnType<typeof predictionClients>, t: Test): Promise<string> {
  t.teardown(() => Promise.all([api.v1.close(), api.v1beta1.close()]));
  return sdkStream(api.v1, '');
}
