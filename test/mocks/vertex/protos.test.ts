// The generated descriptors, against the installed SDK they were made from.

import { readFileSync } from 'node:fs';
import { test } from 'tap';
import { grpcPrefixBytes } from '../../../mocks/codec/grpc.ts';
import { decodeRequest, encodeWithPrefix, vertexType } from '../../../mocks/vertex/protos.ts';
import { prunedProtos } from '../../../mocks/vertex/prune-protos.ts';

const committed = new URL('../../../mocks/vertex/protos.generated.json', import.meta.url);

test('the committed descriptors are those of the installed SDK', async (t) => {
  const isSame = readFileSync(committed, 'utf8') === prunedProtos();
  t.ok(isSame, 'run: node mocks/vertex/prune-protos.ts');
});

test('a request decodes to the field names of JSON, enums by name', async (t) => {
  const type = vertexType('v1', 'GenerateContentRequest');
  const sent = {
    model: 'm',
    contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
    systemInstruction: { parts: [{ text: 'be brief' }] },
    generationConfig: { maxOutputTokens: 5 },
  };
  const bytes = Buffer.from(type.encode(type.fromObject(sent)).finish());
  t.match(decodeRequest('v1', 'GenerateContentRequest', bytes), sent);
});

test('bytes that are no message are refused as INTERNAL', async (t) => {
  const broken = Buffer.from([0x12, 0xff, 0xff]);
  t.throws(() => decodeRequest('v1', 'GenerateContentRequest', broken), { code: 'INTERNAL' });
});

test('the prefix is left free in front of an encoded message', async (t) => {
  const type = vertexType('v1', 'CountTokensResponse');
  const bytes = encodeWithPrefix(type, type.fromObject({ totalTokens: 3 }));
  t.equal(bytes.subarray(grpcPrefixBytes).toString('hex'), '0803');
});
