// The generated descriptors, against the installed SDK they were made from.

import { readFileSync } from 'node:fs';
import { test } from 'tap';
import { grpcPrefixBytes } from '../../../mocks/codec/grpc.ts';
import { decodeRequest, encodeWithPrefix, vertexType } from '../../../mocks/vertex/protos.ts';
import { prunedProtos } from '../../../mocks/vertex/prune-protos.ts';

const committed = (name: string) =>
  readFileSync(new URL(`../../../mocks/vertex/${name}.generated.json`, import.meta.url), 'utf8');

test('the committed descriptors and methods are those of the installed SDK', async (t) => {
  const { protos, methods } = prunedProtos();
  t.ok(committed('protos') === protos, 'run: node mocks/vertex/prune-protos.ts');
  t.ok(committed('methods') === methods, 'run: node mocks/vertex/prune-protos.ts');
});

const requestType = 'google.cloud.aiplatform.v1.GenerateContentRequest';

test('a request decodes to the field names of JSON, enums by name', async (t) => {
  const type = vertexType('v1', 'GenerateContentRequest');
  const sent = {
    model: 'm',
    contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
    systemInstruction: { parts: [{ text: 'be brief' }] },
    generationConfig: { maxOutputTokens: 5 },
  };
  const bytes = Buffer.from(type.encode(type.fromObject(sent)).finish());
  t.match(decodeRequest(requestType, bytes), sent);
});

test('bytes that are no message are refused as INTERNAL', async (t) => {
  const broken = Buffer.from([0x12, 0xff, 0xff]);
  t.throws(() => decodeRequest(requestType, broken), { code: 'INTERNAL' });
});

test('the prefix is left free in front of an encoded message', async (t) => {
  const type = vertexType('v1', 'CountTokensResponse');
  const bytes = encodeWithPrefix(type, type.fromObject({ totalTokens: 3 }));
  t.equal(bytes.subarray(grpcPrefixBytes).toString('hex'), '0803');
});
