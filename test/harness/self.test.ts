// A leak detector must not leak: the load client, the sampler and the record store run as a process
// of their own, measured by leakbed's probes and judged by its own experiment. The same loop with a
// planted leak shows that the test can fail. TAP_TIMEOUT=600 LEAKBED_TEST_CYCLES=60 is longer.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Test, test } from 'tap';
import { request } from 'undici';
import { smokeExperiment } from '../../harness/checkers/experiment-options.ts';
import { conclude } from '../../harness/checkers/leak-experiment.ts';
import { inspectorProbe } from '../../harness/probes/inspector.ts';
import type { AttachedProbe } from '../../harness/probes/probe.ts';
import { procfs } from '../../harness/probes/procfs.ts';
import { readLevel } from '../../harness/runner/context.ts';
import type { Level } from '../../harness/series/sample.ts';
import { startChildProcess } from '../../harness/subjects/child-process.ts';
import { seededRng, sleep, systemClock } from '../../injectors/determinism.ts';
import { startOpenAiServer } from '../fixtures/openai-server.ts';

const loopPath = fileURLToPath(new URL('../fixtures/harness-loop.ts', import.meta.url));
const cycleCount = Number(process.env.LEAKBED_TEST_CYCLES ?? '14');
const warmUp = { cycles: 4, requests: 400 };
/** Sockets close and the last rows are flushed; see the fixture's clock. */
const restMs = 220;
const timeout = 600_000;

test('the hot loop of the harness does not leak', { timeout }, async (t) => {
  const { finding, channels } = conclude(await measure(t, {}), options());
  for (const { reason } of channels) t.comment(reason);
  t.equal(finding, 'clean');
});

test('the same loop with rows that are kept does', { timeout }, async (t) => {
  const { finding, channels } = conclude(await measure(t, { KEEP_ROWS: 'yes' }), options());
  for (const { reason } of channels) t.comment(reason);
  t.equal(finding, 'growth-sustained');
  t.equal(channels[0]?.metric, 'heapBytes');
});

function options() {
  return { ...smokeExperiment, requestsBefore: warmUp.cycles * warmUp.requests };
}

async function measure(t: Test, env: Readonly<Record<string, string>>): Promise<Level[]> {
  const server = await startOpenAiServer(t);
  const out = await mkdtemp(join(tmpdir(), 'leakbed-self-'));
  t.teardown(() => rm(out, { recursive: true, force: true }));
  const subject = await startChildProcess({
    name: 'harness loop',
    command: [process.execPath, loopPath],
    env: { ...env, TARGET: server.url, OUT: out },
  });
  t.teardown(() => subject.stop());
  const probes: AttachedProbe[] = [];
  for (const probe of [inspectorProbe({ steadyCompiler: true }), procfs]) {
    const attached = await probe.attach(subject, systemClock.nowMs);
    t.teardown(() => attached[Symbol.asyncDispose]());
    probes.push(attached);
  }
  const work = async (requests: number) => {
    const { statusCode, body } = await request(`${subject.url}/cycle?n=${requests}`);
    t.equal(statusCode, 200, await body.text());
    await sleep(restMs);
    return readLevel(probes);
  };
  for (let cycle = 0; cycle < warmUp.cycles; cycle++) await work(warmUp.requests);
  const sizes = seededRng(3);
  const levels: Level[] = [];
  let totalRequests = 0;
  for (let cycle = 1; cycle <= cycleCount; cycle++) {
    const requests = sizes.integer(100, 300);
    const values = await work(requests);
    totalRequests += requests;
    const timeMs = systemClock.nowMs();
    levels.push({ phase: 'stress', cycle, requests, totalRequests, timeMs, values });
  }
  t.comment(`${totalRequests} requests in ${cycleCount} cycles`);
  return levels;
}
