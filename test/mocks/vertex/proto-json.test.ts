// ProtoJSON both ways, well-known types and numeric enums.

import { test } from 'tap';
import { fromProtoJson, toProtoJson, withNumericEnums } from '../../../mocks/vertex/proto-json.ts';
import { vertexType } from '../../../mocks/vertex/protos.ts';

function roundTrip(name: string, json: object): object {
  const type = vertexType('v1', name);
  const bytes = type.encode(type.fromObject(fromProtoJson(type, json))).finish();
  return toProtoJson(type, type.decode(bytes));
}

test('times, durations, structs, enums and bytes survive the wire', async (t) => {
  const cached = {
    name: 'n',
    expireTime: '2026-01-02T03:04:05.678901Z',
    ttl: '45.837906927s',
    contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
  };
  const { ttl: _, ...withTime } = cached;
  const { expireTime: __, ...withTtl } = cached;
  t.same(roundTrip('CachedContent', withTime), withTime);
  t.same(roundTrip('CachedContent', withTtl), withTtl);
  const part = { functionCall: { name: 'f', args: { a: [1, { b: null }], c: 'x', d: false } } };
  t.same(roundTrip('Part', part), part);
  const tensor = { dtype: 'STRING', shape: ['9007199254740993'], stringVal: ['x'] };
  t.same(roundTrip('Tensor', tensor), tensor);
  t.same(roundTrip('DirectRawPredictResponse', { output: 'AAEC' }), {
    output: Buffer.from([0, 1, 2]),
  });
  t.same(roundTrip('UpdateCachedContentRequest', { updateMask: 'ttl,name' }), {
    updateMask: 'ttl,name',
  });
});

test('fields that a message lacks are left out', async (t) => {
  t.same(roundTrip('FunctionCall', { id: 'only in v1beta1', name: 'f' }), { name: 'f' });
  t.same(roundTrip('Candidate', { constructor: 1, toString: 2 }), {});
});

test('enums become numbers wherever they are, and nothing else changes', async (t) => {
  const type = vertexType('v1', 'GenerateContentResponse');
  const json = {
    candidates: [{ finishReason: 'SAFETY', safetyRatings: [{ probability: 'HIGH' }] }],
    usageMetadata: { trafficType: 'ON_DEMAND', promptTokensDetails: [{ modality: 'TEXT' }] },
    modelVersion: 'STOP',
    unknownField: 'HIGH',
  };
  t.same(withNumericEnums(type, json), {
    candidates: [{ finishReason: 3, safetyRatings: [{ probability: 4 }] }],
    usageMetadata: { trafficType: 1, promptTokensDetails: [{ modality: 1 }] },
    modelVersion: 'STOP',
    unknownField: 'HIGH',
  });
});
