// Which paths are operations: every form of a name, decoded after the verb is split off.

import { test } from 'tap';
import { parseGrpcPath, parseResource, parseRestPath } from '../../../mocks/vertex/path.ts';

const prefix = 'projects/p/locations/l';

const names = [
  { sent: `${prefix}/publishers/google/models/gemini-2.5-flash`, id: 'gemini-2.5-flash' },
  { sent: `${prefix}/publishers/anthropic/models/claude%4020250929`, id: 'claude@20250929' },
  { sent: `${prefix}/publishers/anthropic/models/claude@20250929`, id: 'claude@20250929' },
  { sent: `${prefix}/publishers/meta/models/a%3Ab`, id: 'a:b' },
  { sent: `${prefix}/endpoints/123`, id: '123' },
  { sent: 'publishers/google/models/gemini-2.5-pro', id: 'gemini-2.5-pro' },
  { sent: 'endpoints/123', id: '123' },
];

for (const { sent, id } of names) {
  test(`${sent} names ${id} in both versions`, async (t) => {
    for (const version of ['v1', 'v1beta1']) {
      const path = parseRestPath(`/${version}/${sent}:predict`);
      t.equal(path?.version, version);
      t.equal(path?.verb, 'predict');
      t.equal(parseResource(path?.resource ?? '')?.id, id);
    }
  });
}

test('doubled slashes count as one', async (t) => {
  const path = parseRestPath('//v1//publishers/google//models/gemini-2.5-pro:predict');
  t.equal(path?.resource, 'publishers/google/models/gemini-2.5-pro');
});

test('paths of other forms are no operation', async (t) => {
  const others = [
    '/v2/publishers/google/models/m:predict',
    '/v1/publishers/google/models/m',
    '/v1/models/m:predict',
    '/v1/projects/p/publishers/google/models/m:predict',
    '/v1/publishers/google/models/%E0%A4%A:predict',
    '/v1/publishers/google/models/:predict',
  ];
  for (const path of others) t.equal(parseRestPath(path), undefined, path);
});

test('gRPC paths give version, service and method', async (t) => {
  t.same(parseGrpcPath('/google.cloud.aiplatform.v1beta1.PredictionService/Predict'), {
    version: 'v1beta1',
    service: 'PredictionService',
    method: 'Predict',
  });
  t.equal(parseGrpcPath('/google.cloud.aiplatform.v2.PredictionService/Predict'), undefined);
});
