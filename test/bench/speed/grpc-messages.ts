// Server streaming over gRPC: messages per second of StreamGenerateContent beside a grpc-js server
// that sends the same message, both read by the same bytes of HTTP/2.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from '../../../harness/stats/median.ts';
import { countGrpc, grpcCall, openHttp2, rawHttp2 } from '../../fixtures/raw-clients.ts';
import { alternate } from './alternate.ts';
import type { Bench } from './bench.ts';
import { http2Ask, http2End } from './http2-wire.ts';
import { readAnswer } from './read-answer.ts';
import { type ServerProcess, startMocksServer, startServer } from './server-process.ts';

/** Of each, so that both take about as long. */
const counts = { leakbed: 400_000, 'grpc-js': 20_000 } as const;
const words = (chunks: number) => `[[leakbed chunks=${chunks} bytes=24]]`;

export const grpcMessages: Bench = {
  name: 'grpc-messages',
  what: 'gRPC server streaming, messages/s',
  isQuick: true,
  async *run({ scale, note }) {
    const turns = scale === 'quick' ? 3 : 9;
    const folder = await mkdtemp(join(tmpdir(), 'leakbed-bench-'));
    await using mocks = await startMocksServer();
    try {
      const file = join(folder, 'message');
      await writeFile(file, await firstMessage(mocks));
      const program = fileURLToPath(new URL('baselines/grpc-js-server.ts', import.meta.url));
      await using other = await startServer([program, String(counts['grpc-js']), file]);
      const { ratios, subject, baseline } = await alternate(
        turns,
        () => rate(mocks, counts.leakbed),
        () => rate(other, counts['grpc-js']),
      );
      yield {
        name: 'against grpc-js',
        unit: '×',
        baseline: 'messages/s of a grpc-js server',
        bar: { atLeast: 20 },
        samples: ratios,
      };
      const [own, others] = [subject, baseline].map((all) => Math.round(median(all) ?? 0));
      note(`leakbed ${own} messages/s, grpc-js ${others} messages/s`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function rate(server: ServerProcess, count: number): Promise<number> {
  const { bytes, elapsedMs } = await readAnswer(
    server,
    http2Ask(grpcCall(words(count))),
    http2End(),
  );
  if (bytes < count * 100) throw new Error(`Only ${bytes} bytes came of ${count} messages.`);
  return (count / elapsedMs) * 1000;
}

/** A message of the fakes without its frame; that an answer holds as many as were asked for. */
async function firstMessage(mocks: ServerProcess): Promise<Buffer> {
  const session = await openHttp2(mocks);
  const { body } = await rawHttp2(session, grpcCall(words(1000)));
  session.close();
  const { events } = countGrpc(body);
  // The last one says why the model stopped.
  if (events !== 1001) throw new Error(`Expected 1001 messages, got ${events}.`);
  return body.subarray(5, 5 + body.readUInt32BE(1));
}
