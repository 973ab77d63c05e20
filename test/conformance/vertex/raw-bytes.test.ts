// The bytes themselves, read by fetch and node:http2 without any SDK: heads, framing, exact cuts.

import http2 from 'node:http2';
import { test } from 'tap';
import { startMocks } from '../../../mocks/server.ts';
import { geminiName, userContents } from '../../fixtures/vertex-api.ts';

const verbs = {
  unary: 'generateContent',
  array: 'streamGenerateContent',
  sse: 'streamGenerateContent?alt=sse',
};
const body = (directive: string) =>
  JSON.stringify({ contents: userContents(`[[leakbed ${directive}]]`) });

test('raw REST', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 1 });
  t.teardown(() => mocks.close());
  const post = (path: string, directive: string) =>
    fetch(`${mocks.url}${path}`, { method: 'POST', body: body(directive) });
  const call = (verb: string, directive: string) => post(`/v1/${geminiName}:${verb}`, directive);

  const types = {
    unary: 'application/json; charset=UTF-8',
    array: 'application/json; charset=UTF-8',
    sse: 'text/event-stream',
  };
  for (const [name, verb] of Object.entries(verbs)) {
    t.test(`${name} has the service's headers`, async (t) => {
      const { headers } = await call(verb, 'chunks=1');
      t.equal(headers.get('content-type'), types[name as keyof typeof types]);
      t.equal(headers.get('vary'), 'Origin, X-Origin, Referer');
      t.equal(headers.get('x-content-type-options'), 'nosniff');
      t.equal(headers.get('content-disposition'), name === 'sse' ? 'attachment' : null);
      t.equal(headers.get('content-encoding'), 'gzip', 'fetch accepts it');
    });

    t.test(`${name} cut at a byte has exactly that many bytes`, async (t) => {
      const whole = (await (await call(verb, 'chunks=4')).arrayBuffer()).byteLength;
      for (const at of [0, 1, 5, 6, 7, 100, 377, 500, whole - 1]) {
        const cut = await (await call(verb, `chunks=4 fault=truncate;at=${at}B`)).arrayBuffer();
        t.equal(cut.byteLength, at);
      }
      const beyond = await call(verb, `chunks=4 fault=truncate;at=${whole}B`);
      t.equal((await beyond.arrayBuffer()).byteLength, whole, 'a cut behind the end is none');
    });

    t.test(`${name} answers the same over HTTP/2`, async (t) => {
      const session = http2.connect(mocks.url);
      t.teardown(() => session.close());
      const stream = session.request({
        ':method': 'POST',
        ':path': `/v1/${geminiName}:${verb}`,
        'content-type': 'application/json',
      });
      stream.end(body('chunks=3'));
      const type = new Promise((resolve) =>
        stream.once('response', (headers) => resolve(headers['content-type'])),
      );
      let length = 0;
      for await (const chunk of stream) length += (chunk as Buffer).length;
      t.equal(await type, types[name as keyof typeof types]);
      const overHttp1 = await (await call(verb, 'chunks=3')).arrayBuffer();
      t.equal(length, overHttp1.byteLength);
    });
  }

  t.test('every form of a name reaches the model', async (t) => {
    const names = [
      'publishers/google/models/gemini-2.5-flash',
      'projects/p/locations/global/publishers/google/models/gemini-2.5-flash',
      'projects/p/locations/l/endpoints/123',
      'endpoints/123',
    ];
    for (const prefix of ['/v1/', '/v1beta1/', '//v1beta1/', '/some/proxy/v1/']) {
      for (const name of names) {
        const { status } = await post(`${prefix}${name}:generateContent`, 'chunks=1');
        t.equal(status, 200, `${prefix}${name}`);
      }
    }
  });

  t.test('an unknown model is 404 in the envelope, an unknown verb a page', async (t) => {
    const model = await post('/v1/publishers/google/models/nothing:generateContent', '');
    t.equal(model.status, 404);
    t.match(await model.json(), { error: { status: 'NOT_FOUND' } });
    const verb = await call('tuneContent', '');
    t.equal(verb.status, 404);
    t.match(verb.headers.get('content-type'), /^text\/html/);
  });
});
