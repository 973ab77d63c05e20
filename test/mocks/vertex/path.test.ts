// Which paths are operations: every form of a name, decoded after the verb is split off.

import { test } from 'tap';
import { findMethod } from '../../../mocks/vertex/methods.ts';
import { parseResource } from '../../../mocks/vertex/path.ts';
import { grpcRequest, restRequest } from '../../fixtures/vertex-api.ts';

const parseRestPath = (path: string, method = 'POST') => {
  const found = findMethod(restRequest({ path, method }));
  return found && { ...found.method, resource: found.resource };
};

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
      t.equal(path?.name, 'Predict');
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
  const found = findMethod(grpcRequest('PredictionService/Predict', Buffer.alloc(0)));
  t.match(found?.method, { key: 'PredictionService/Predict', version: 'v1', name: 'Predict' });
  t.equal(findMethod(grpcRequest('PredictionService/Guess', Buffer.alloc(0))), undefined);
});

const collections = [
  ['GET', '/v1/projects/p/locations/l/cachedContents', 'ListCachedContents', prefix],
  ['POST', '/v1beta1/projects/p/locations/l/cachedContents', 'CreateCachedContent', prefix],
  ['PATCH', `/v1/${prefix}/cachedContents/7`, 'UpdateCachedContent', `${prefix}/cachedContents/7`],
  ['DELETE', `/v1/${prefix}/cachedContents/7`, 'DeleteCachedContent', `${prefix}/cachedContents/7`],
  ['GET', `/v1/${prefix}/operations/7`, 'GetOperation', `${prefix}/operations/7`],
  ['POST', `/v1/${prefix}/operations/7:cancel`, 'CancelOperation', `${prefix}/operations/7`],
  ['GET', '/v1/projects/p/locations', 'ListLocations', 'projects/p'],
  ['GET', '/v1/projects/p/locations/l', 'GetLocation', prefix],
  ['GET', '/v1beta1/publishers/google/models', 'ListPublisherModels', 'publishers/google'],
  ['GET', '/v1/publishers/google/models/m', 'GetPublisherModel', 'publishers/google/models/m'],
  [
    'POST',
    `/v1/${prefix}/endpoints/openapi/chat/completions`,
    'ChatCompletions',
    `${prefix}/endpoints/openapi`,
  ],
] as const;

for (const [method, path, name, resource] of collections) {
  test(`${method} ${path} is ${name}`, async (t) => {
    t.match(parseRestPath(path, method), { name, resource });
    t.not(parseRestPath(path, 'PUT')?.name, name);
  });
}
