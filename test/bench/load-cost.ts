// What the load generator itself costs: requests per CPU second of this process, and the heap it
// keeps per request, against a server in a process of its own.
//   node --expose-gc test/bench/load-cost.ts [requests]

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { openGatewayClient } from '../../harness/load/gateway-client.ts';
import { runLoad } from '../../harness/load/load.ts';
import { mix } from '../../harness/load/workload.ts';
import { seededRng, sleep, systemClock } from '../../injectors/determinism.ts';
import { parseFaultWords } from '../../injectors/plan.ts';
import { bindFaults } from '../../injectors/registry.ts';
import { startOpenAiServer } from '../fixtures/openai-server.ts';

async function serve(): Promise<void> {
  const server = await startOpenAiServer({ teardown: () => undefined });
  // The bench may die of a closed pipe; its server must not outlive it.
  process.once('disconnect', () => process.exit());
  process.send?.(server.url);
}

async function measure(url: string, requestCount: number): Promise<void> {
  const client = openGatewayClient({ url, connectionLimit: 32, nowMs: systemClock.nowMs });
  const cases = [
    ['complete', true, undefined],
    ['json', false, undefined],
    ['endless', true, 'abort;at=3'],
    ['endless', true, 'abort;at=3;how=reset'],
  ] as const;
  for (const [name, isStreamed, words] of cases) {
    const planned = words === undefined ? [] : bindFaults([parseFaultWords(words)]).planned;
    const faults = planned.map(({ bound }) => bound);
    const request = { kind: 'chat', model: name, prompt: 'Why?', isStreamed, faults } as const;
    const workload = mix([{ name, weight: 1, make: () => request }], seededRng(1));
    const model = { kind: 'closed', userCount: 32, requestCount } as const;
    const load = () => runLoad(client, { phase: 'bench', workload, model }, () => {});
    await load();
    const before = await restingHeap();
    const report = await load();
    const kept = ((await restingHeap()) - before) / requestCount;
    const perCpuSecond = (requestCount / report.cpuMs) * 1000;
    const cost = (report.cpuMs * 1000) / requestCount;
    const rate = (requestCount / report.elapsedMs) * 1000;
    process.stdout.write(
      `${`${name} ${words ?? ''}`.padEnd(34)} ${perCpuSecond.toFixed(0).padStart(7)} requests ` +
        `per CPU second, ${cost.toFixed(0).padStart(4)} µs each, ` +
        `${rate.toFixed(0).padStart(6)}/s, ` +
        `${kept.toFixed(1).padStart(6)} B kept each, ${JSON.stringify(report.outcomes)}\n`,
    );
  }
  await client[Symbol.asyncDispose]();
}

async function restingHeap(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    await sleep(30);
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}

if (process.argv[2] === 'serve') {
  await serve();
} else {
  const server = fork(import.meta.filename, ['serve']);
  try {
    const [url] = await once(server, 'message');
    await measure(String(url), Number(process.argv[2] ?? 5000));
  } finally {
    server.kill();
  }
}
