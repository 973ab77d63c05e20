// Large streams to a reader that takes all at once: MiB/s over each transport, beside a bare
// socket; alone and through the pipeline of faults. Judged is time as a client sees it: a bare
// socket costs its server a tenth of what it costs its reader, and nothing that makes an answer can
// do with twice that.

import { fileURLToPath } from 'node:url';
import { median } from '../../../harness/stats/median.ts';
import { alternate } from './alternate.ts';
import type { Bench } from './bench.ts';
import { bulkAsks } from './bulk-asks.ts';
import { answerEnd } from './http1-load.ts';
import { readAnswer } from './read-answer.ts';
import { type ServerProcess, startMocksServer, startServer } from './server-process.ts';

const mebibytes = 64;
const eventBytes = '16KiB';

const variants = [
  { name: '', words: '', atLeast: 0.5 },
  { name: ', fault noop', words: 'fault=noop', atLeast: 0.4 },
  { name: ', fault corrupt', words: 'fault=corrupt;at=2', atLeast: 0.4 },
] as const;

export const bulkStreams: Bench = {
  name: 'bulk-streams',
  what: `${mebibytes} MiB in events of ${eventBytes} to a fast reader, MiB/s`,
  isQuick: true,
  async *run({ scale, note }) {
    const turns = scale === 'quick' ? 3 : 9;
    await using mocks = await startMocksServer();
    await using raw = await startServer([
      fileURLToPath(new URL('baselines/raw-net.ts', import.meta.url)),
      String(mebibytes),
    ]);
    const plain = () => rate(raw, Buffer.from('GET / HTTP/1.1\r\n\r\n'), answerEnd());
    for (const { name, bytes, end } of bulkAsks) {
      for (const variant of variants) {
        const request = bytes(`total=${mebibytes}MiB bytes=${eventBytes} ${variant.words}`);
        const { ratios, subject, baseline } = await alternate(
          turns,
          () => rate(mocks, request, end()),
          plain,
        );
        yield {
          name: `${name}${variant.name}`,
          unit: '×',
          baseline: 'a raw node:net socket',
          bar: { atLeast: variant.atLeast },
          samples: ratios,
        };
        note(`${rounded(subject)} MiB/s, raw socket ${rounded(baseline)} MiB/s`);
      }
    }
  },
};

const rounded = (values: readonly number[]) => Math.round(median(values) ?? 0);

async function rate(
  server: ServerProcess,
  request: Buffer,
  isEnd: (bytes: Buffer) => boolean,
): Promise<number> {
  const { bytes, elapsedMs } = await readAnswer(server, request, isEnd);
  if (bytes < mebibytes * 1024 ** 2) throw new Error(`Only ${bytes} bytes came.`);
  return bytes / 1024 ** 2 / (elapsedMs / 1000);
}
