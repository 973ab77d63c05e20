// vercel/ai 13839, which keeps nothing and so is no entry of the museum: while one long answer
// streams, streamText held a copy of the text so far for every chunk. Prints the peak of the heap
// with the version that does and the one that does not, and fails unless the first is five times
// the second. Exit code 77, "skipped", where npm cannot be reached and the packages are not here.
// Source: https://github.com/vercel/ai/issues/13839
//
//   node test/e2e/museum-peak.ts [--chunks 4000]

import { execFile } from 'node:child_process';
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { openWorkshop } from '../../harness/repro/workshop.ts';
import { startMocks } from '../../mocks/server.ts';

const { values } = parseArgs({ options: { chunks: { type: 'string', default: '4000' } } });
const unit = fileURLToPath(new URL('./museum-peak/long-stream.mjs', import.meta.url));
const run = promisify(execFile);
const skipped = 77;
const leastTimes = 5;
const limitMs = 120_000;

interface Told {
  readonly chunks: number;
  readonly peakBytes: number;
  readonly keptBytes: number;
}

async function measure(version: string, url: string): Promise<Told> {
  const packages = [`ai@${version}`, '@ai-sdk/amazon-bedrock@4.0.100'];
  const { nodeFile, folder } = await openWorkshop({ packages, node: undefined });
  const file = join(folder, `long-stream-${process.pid}.mjs`);
  await copyFile(unit, file);
  try {
    const args = ['--expose-gc', file, url, values.chunks];
    const { stdout } = await run(nodeFile, args, { timeout: limitMs });
    return JSON.parse(stdout) as Told;
  } finally {
    await rm(file);
  }
}

const mib = (bytes: number) => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
const mocks = await startMocks({ port: 0, seed: 1 });
try {
  const peaks: number[] = [];
  for (const version of ['6.0.142', '6.0.158']) {
    const { chunks, peakBytes, keptBytes } = await measure(version, mocks.url);
    const told = `ai ${version}, ${chunks} chunks: peak ${mib(peakBytes)}, kept ${mib(keptBytes)}`;
    process.stdout.write(`${told}\n`);
    peaks.push(peakBytes);
  }
  const [bad = 0, mended = 0] = peaks;
  process.exitCode = bad >= leastTimes * mended ? 0 : 1;
} catch (error) {
  const words = error instanceof Error ? error.message : String(error);
  process.stdout.write(`${words}\n`);
  process.exitCode = /The registry is needed once/.test(words) ? skipped : 1;
} finally {
  await mocks.close();
}
