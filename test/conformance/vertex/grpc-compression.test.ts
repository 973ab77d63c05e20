// Compressed requests from @grpc/grpc-js, and what a client is told whose encoding nobody knows.

import http2 from 'node:http2';
import { gzipSync } from 'node:zlib';
import { Client, compressionAlgorithms, credentials, type ServiceError } from '@grpc/grpc-js';
import { type Test, test } from 'tap';
import { startMocks } from '../../../mocks/server.ts';
import { vertexType } from '../../../mocks/vertex/protos.ts';
import { framed, geminiMessage, grpcCall } from '../../fixtures/grpc-call.ts';

const method = '/google.cloud.aiplatform.v1.PredictionService/GenerateContent';
const mebibyte = 1024 ** 2;

async function serving(t: Test) {
  const mocks = await startMocks({ port: 0, seed: 1 });
  t.teardown(() => mocks.close());
  return mocks;
}

/** The text of a unary answer. */
function generate(client: Client, text: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const type = vertexType('v1', 'GenerateContentResponse');
  const done = (error: ServiceError | null, bytes?: Buffer) => {
    if (error !== null || bytes === undefined) reject(error);
    else resolve(type.toObject(type.decode(bytes)).candidates[0].content.parts[0].text);
  };
  const asIs = (bytes: Buffer) => bytes;
  client.makeUnaryRequest(method, asIs, asIs, Buffer.from(geminiMessage(text)), done);
  return promise;
}

for (const algorithm of ['gzip', 'deflate', 'identity'] as const) {
  test(`a request that grpc-js sends as ${algorithm} is answered`, async (t) => {
    const { host, port } = await serving(t);
    const client = new Client(`${host}:${port}`, credentials.createInsecure(), {
      'grpc.default_compression_algorithm': compressionAlgorithms[algorithm],
    });
    t.teardown(() => client.close());
    const answer = await generate(client, `[[leakbed chunks=2 bytes=9]]${' '.repeat(mebibyte)}`);
    t.equal(answer.length, 18);
  });
}

for (const [what, encoding, status] of [
  ['an encoding that nobody knows', 'snappy', '12'],
  ['a compressed message without an encoding', 'identity', '13'],
  ['a message that is too large when it is whole', 'gzip', '8'],
] as const) {
  test(`${what} ends the call with status ${status}, and what is accepted`, async (t) => {
    const mocks = await serving(t);
    const session = http2.connect(mocks.url);
    t.teardown(() => session.destroy());
    const headers = { 'grpc-encoding': encoding };
    const call = grpcCall(session, 'PredictionService/GenerateContent', headers);
    const told = new Promise<http2.IncomingHttpHeaders>((resolve) => {
      call.stream.once('response', resolve);
    });
    const message = framed(gzipSync(Buffer.alloc(66 * mebibyte)));
    message[0] = 1;
    call.stream.end(message);
    t.match(await told, { 'grpc-accept-encoding': 'identity,gzip,deflate' });
    t.match(await call.closed, { status });
  });
}
