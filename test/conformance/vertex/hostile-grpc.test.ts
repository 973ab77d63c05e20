// gRPC streams that break the protocol, seeded: bad lengths, flags, cuts, resets at once. The
// server answers or drops each, goes on serving, and keeps nothing.

import http2 from 'node:http2';
import { test } from 'tap';
import { type Rng, seededRng, sleep } from '../../../injectors/determinism.ts';
import { startMocks } from '../../../mocks/server.ts';
import { framed, geminiMessage, geminiStream, grpcCall } from '../../fixtures/grpc-call.ts';

const repeats = 2000;
const methods = [
  'PredictionService/GenerateContent',
  'PredictionService/StreamGenerateContent',
  'PredictionService/Predict',
  'PredictionService/StreamingPredict',
  'PredictionService/StreamDirectRawPredict',
  'PredictionService/RawPredict',
  'GenAiCacheService/CreateCachedContent',
];

/** Bytes of a request that is wrong in one of the ways there are. */
function hostileBody(rng: Rng): Buffer {
  const good = framed(geminiMessage('[[leakbed chunks=20 gap=1ms]]'));
  switch (rng.integer(0, 6)) {
    case 0:
      return Buffer.alloc(0);
    case 1:
      return good.subarray(0, rng.integer(1, good.length - 1));
    case 2:
      good.writeUInt32BE(rng.pick([0, 1, 0xffff, 0x7fffffff, 0xffffffff]), 1);
      return good;
    case 3:
      good[0] = rng.integer(1, 255);
      return good;
    case 4:
      return Buffer.concat([good, good, good.subarray(0, 7)]);
    case 5:
      return framed(Buffer.from(Array.from({ length: 64 }, () => rng.integer(0, 255))));
    default:
      return good;
  }
}

test(`${repeats} hostile gRPC streams leave the server as it was`, async (t) => {
  const mocks = await startMocks({ port: 0, seed: 1 });
  t.teardown(() => mocks.close());
  const rng = seededRng(23);
  const rejections: unknown[] = [];
  const note = (reason: unknown) => void rejections.push(reason);
  process.on('unhandledRejection', note);
  t.teardown(() => process.off('unhandledRejection', note));
  for (let batch = 0; batch < repeats / 50; batch++) {
    const session = http2.connect(mocks.url);
    session.on('error', () => undefined);
    const calls = Array.from({ length: 50 }, () => {
      const timeout = rng.pick([{}, { 'grpc-timeout': '20m' }, { 'grpc-timeout': 'soon' }]);
      const call = grpcCall(session, rng.pick(methods), timeout);
      const body = hostileBody(rng);
      if (body.length > 0) call.stream.write(body);
      const how = rng.integer(0, 3);
      if (how === 0) call.stream.close(rng.integer(0, 13));
      else if (how === 1) setImmediate(() => call.stream.close(rng.integer(0, 13)));
      else if (how === 2) call.stream.end();
      return call.closed;
    });
    await sleep(rng.integer(0, 8));
    session.destroy();
    await Promise.all(calls);
  }
  const isBusy = () => mocks.journal.inFlight().length + mocks.waitingStreams > 0;
  for (let tries = 0; tries < 40 && isBusy(); tries++) await sleep(10);
  t.same(rejections, []);
  t.same(mocks.journal.inFlight(), []);
  t.equal(mocks.waitingStreams, 0);
  const session = http2.connect(mocks.url);
  t.teardown(() => session.close());
  t.match(await geminiStream(session, 'chunks=3').closed, { status: '0' });
});
