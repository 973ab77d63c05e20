// Large requests and large answers: the memory that a prompt of 25 MiB needs at its peak, and what
// embeddings of 2,000 texts cost beside JSON.stringify of the very same object.

import { readFileSync, writeFileSync } from 'node:fs';
import { claude, http1Request, rawHttp1, vertexPath } from '../../fixtures/raw-clients.ts';
import { alternate } from './alternate.ts';
import type { Bench } from './bench.ts';
import { answerEnd } from './http1-load.ts';
import { readAnswer } from './read-answer.ts';
import { type ServerProcess, startMocksServer } from './server-process.ts';

const promptBytes = 25 * 1024 ** 2 - 2048;
const texts = 2000;
const dimensions = 1536;
const embeddingPath = vertexPath('predict').replace(/models\/[^:]+/, 'models/text-embedding-005');

export const largeRequests: Bench = {
  name: 'large-requests',
  what: 'prompts of 25 MiB, embeddings of 2,000 texts',
  isQuick: false,
  async *run({ scale, note }) {
    const turns = scale === 'quick' ? 3 : 7;
    await using mocks = await startMocksServer();
    const peaks: number[] = [];
    for (let turn = 0; turn < turns; turn++) peaks.push(await peakOfPrompt());
    yield {
      name: 'peak of a prompt',
      unit: '× its body',
      baseline: '',
      bar: { atMost: 3 },
      samples: peaks,
    };
    const request = embeddingRequest();
    const [answer] = await rawHttp1(mocks, request.toString('latin1'));
    const object = JSON.parse(answer?.body.toString() ?? '');
    const vectors = object.predictions?.map((one: Embedding) => one.embeddings.values.length);
    if (vectors?.length !== texts || vectors.some((length: number) => length !== dimensions)) {
      throw new Error(`Expected ${texts} vectors: ${answer?.body.subarray(0, 300)}`);
    }
    const { ratios, subject, baseline } = await alternate(
      turns,
      async () => 1000 / (await readAnswer(mocks, request, answerEnd())).cpuMs,
      async () => {
        const { user: before } = process.cpuUsage();
        const written = JSON.stringify(object);
        if (written.length < texts * dimensions) throw new Error('It was not written.');
        return 1e6 / (process.cpuUsage().user - before);
      },
    );
    yield {
      name: 'embeddings per CPU second',
      unit: '×',
      baseline: 'JSON.stringify of the same object',
      bar: { atLeast: 5 },
      samples: ratios,
    };
    const [own, others] = [subject, baseline].map((all) => all.map((one) => one.toFixed(1)));
    note(`answers ${own?.join(' ')}, stringified ${others?.join(' ')} per CPU second`);
  },
};

interface Embedding {
  readonly embeddings: { readonly values: readonly number[] };
}

/** In a server of its own: V8 keeps what it once had. The kernel remembers the peak. */
async function peakOfPrompt(): Promise<number> {
  await using mocks = await startMocksServer();
  const ask = (text: string) => {
    const body = JSON.stringify({ messages: [{ role: 'user', content: [{ text }] }] });
    const path = `/model/${encodeURIComponent(claude)}/converse`;
    return readAnswer(mocks, Buffer.from(http1Request(path, body)), answerEnd());
  };
  await ask('Hi.');
  writeFileSync(`/proc/${mocks.pid}/clear_refs`, '5');
  const before = peakBytes(mocks);
  await ask('plain words '.repeat(Math.floor(promptBytes / 12)));
  return (peakBytes(mocks) - before) / promptBytes;
}

function peakBytes({ pid }: ServerProcess): number {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) * 1024;
}

function embeddingRequest(): Buffer {
  const instances = Array.from({ length: texts }, (_, index) => ({ content: `text ${index}` }));
  const body = JSON.stringify({ instances });
  const words = `x-leakbed: instances=${texts} dims=${dimensions}`;
  return Buffer.from(http1Request(embeddingPath, body, [words]));
}
