// The fakes in a process of their own that watches itself: after the last of many clients has
// left, how long until no stream, timer or socket is left, and what the process still does and
// holds then. Run as a script it is that process; imported, it starts one.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { parseFaultWords } from '../../../injectors/plan.ts';
import { startMocks } from '../../../mocks/server.ts';
import type { Address } from '../../fixtures/raw-clients.ts';

export interface Settled {
  /**
   * From the last abort until nothing was left, or as long as was waited; without the time in which
   * the process was ready to run and other processes had the processors.
   */
  readonly settledMs: number;
  readonly inFlight: number;
  /** Streams that wait for a timer. */
  readonly waiting: number;
  readonly sockets: number;
  /** Of one core, in the time after it had settled. */
  readonly cpuShare: number;
  /** After a collection. */
  readonly heapBytes: number;
  readonly requests: number;
}

export interface HygieneProcess {
  readonly address: Address;
  /** Puts one fault in force; resolves when it is. */
  plan(words: string): Promise<void>;
  /** How many requests have come since then. */
  requests(): Promise<number>;
  /** Call right after the last abort. */
  settled(): Promise<Settled>;
  stop(): Promise<void>;
}

type Question =
  | { readonly kind: 'plan'; readonly words: string }
  | { readonly kind: 'requests' }
  | { readonly kind: 'settled'; readonly since: Moment };

interface Moment {
  readonly atMs: number;
  readonly delayedMs: number;
}

/** Milliseconds that both processes count alike, and how long one was kept from running. */
function moment(pid: number): Moment {
  const schedule = readFileSync(`/proc/${pid}/schedstat`, 'utf8');
  const delayedMs = Number(schedule.split(' ')[1]) / 1e6;
  return { atMs: performance.timeOrigin + performance.now(), delayedMs };
}

export async function startHygieneProcess(): Promise<HygieneProcess> {
  const child = fork(import.meta.filename, { execArgv: ['--expose-gc'] });
  const [address] = (await once(child, 'message')) as [Address];
  const ask = async (question: Question) => {
    child.send(question);
    const [answer] = await once(child, 'message');
    return answer;
  };
  return {
    address,
    plan: (words) => ask({ kind: 'plan', words }),
    requests: () => ask({ kind: 'requests' }),
    settled: () => ask({ kind: 'settled', since: moment(child.pid ?? 0) }),
    async stop() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

const patienceMs = 3000;
const windowMs = 150;

if (import.meta.main) {
  // A full journal is no leak, and a small one is full at once.
  const mocks = await startMocks({ port: 0, seed: 1, journalCapacity: 1000 });
  let first = 0;
  const resources = (name: string) =>
    process.getActiveResourcesInfo().filter((one) => one === name).length;
  const isClear = () =>
    mocks.journal.inFlight().length + mocks.waitingStreams + resources('TCPSocketWrap') === 0;
  const settled = async (since: Moment): Promise<Settled> => {
    const passedMs = () => {
      const { atMs, delayedMs } = moment(process.pid);
      return atMs - since.atMs - (delayedMs - since.delayedMs);
    };
    while (!isClear() && passedMs() < patienceMs) await wait(2);
    const settledMs = Math.max(0, passedMs());
    const before = process.cpuUsage();
    await wait(windowMs);
    const { user, system } = process.cpuUsage(before);
    globalThis.gc?.();
    return {
      settledMs,
      inFlight: mocks.journal.inFlight().length,
      waiting: mocks.waitingStreams,
      sockets: resources('TCPSocketWrap'),
      cpuShare: (user + system) / 1000 / windowMs,
      heapBytes: process.memoryUsage().heapUsed,
      requests: mocks.journal.lastSequence - first,
    };
  };
  const answer = async (question: Question) => {
    switch (question.kind) {
      case 'plan': {
        const problems = mocks.plan.set({ faults: [parseFaultWords(question.words)] });
        first = mocks.journal.lastSequence;
        return problems.join(' ');
      }
      case 'requests':
        return mocks.journal.lastSequence - first;
      case 'settled':
        return settled(question.since);
    }
  };
  process.on('message', async (question: Question) => process.send?.(await answer(question)));
  process.send?.({ host: mocks.host, port: mocks.port } satisfies Address);
}
