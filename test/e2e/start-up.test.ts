// What the fakes load and weigh once both providers are mounted: no provider's SDK, whose leaks
// would count against them, and little enough to stand beside a gateway in a small container.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { startCommandLine } from '../fixtures/command-line.ts';
import { startMocksProcess } from '../fixtures/mocks-process.ts';
import {
  bedrockPath,
  converseBody,
  geminiBody,
  grpcCall,
  http1Request,
  openHttp2,
  rawHttp1,
  rawHttp2,
  vertexPath,
} from '../fixtures/raw-clients.ts';

const sdks = /^(@aws-sdk|@smithy|@google-cloud|@google|google-gax|@grpc|@anthropic-ai)(\/|$)/;

test('fakes that have answered over every transport have loaded no SDK', async (t) => {
  // With it V8 writes down, at the end, every script that the process has loaded.
  const dir = t.testdir();
  const args = ['mocks', '--port', '0', '--json'];
  // What is compiled for coverage is no good to the starts that follow.
  const env = { NODE_V8_COVERAGE: dir, NODE_DISABLE_COMPILE_CACHE: '1' };
  const mocks = startCommandLine(t, args, { env });
  await mocks.untilSaid(/Ctrl-C stops/);
  const address = { host: '127.0.0.1', port: Number(/127\.0\.0\.1:(\d+)/.exec(mocks.stderr)?.[1]) };
  const directive = '[[leakbed chunks=2]]';
  for (const request of [
    http1Request(bedrockPath('converse-stream'), converseBody(directive)),
    http1Request(vertexPath('streamGenerateContent'), geminiBody(directive)),
  ]) {
    const [answer] = await rawHttp1(address, request);
    t.equal(answer?.status, 200);
  }
  const session = await openHttp2(address);
  const { trailers } = await rawHttp2(session, grpcCall(directive));
  t.equal(trailers['grpc-status'], '0');
  session.destroy();
  mocks.signal('SIGTERM');
  t.equal((await mocks.ended).code, 0);
  const packages = packagesIn(dir);
  t.ok(packages.includes('fastify') && packages.includes('protobufjs'), packages.join(' '));
  t.same(
    packages.filter((name) => sdks.test(name)),
    [],
  );
});

test('fakes at rest hold less than 120 MB', async (t) => {
  // A start after a change strips types and compiles, which takes 20 MB that stay; what it writes
  // down for the next may come late on a busy machine.
  let rssMb = Number.POSITIVE_INFINITY;
  for (let start = 0; start < 4 && rssMb >= 120; start++) {
    const mocks = await startMocksProcess();
    rssMb = mocks.rssBytes() / 1e6;
    await mocks.stop();
  }
  t.ok(rssMb < 120, `${rssMb.toFixed(0)} MB`);
});

/** The packages whose scripts a coverage folder names. */
function packagesIn(dir: string): string[] {
  const texts = readdirSync(dir).map((file) => readFileSync(join(dir, file), 'utf8'));
  const urls = texts.flatMap((text) =>
    (JSON.parse(text) as { result: { url: string }[] }).result.map(({ url }) => url),
  );
  const names = urls.map((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? '');
  return [...new Set(names)].filter((name) => name !== '').sort();
}
