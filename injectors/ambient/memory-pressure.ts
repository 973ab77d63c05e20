// Takes memory from the gateway, step by step: a limit that comes down on what it holds, or a
// balloon beside it. What a limit does differs: at the limit of a cgroup the kernel takes back what
// it can and then kills; at that of a process's data an allocation fails, and the process may go
// on; that of its resident set Linux does not enforce, but a gateway may keep to it.

import type { Clock } from '../determinism.ts';
import { type DisruptContext, defineInjector } from '../injector.ts';
import { choice, duration, integer, size } from '../options.ts';
import { openBalloon } from './balloon.ts';
import type { GatewayProcess } from './gateway-process.ts';
import { cgroupLimit, type MemoryLimit, processLimit } from './memory-limit.ts';

const mostMiB = 1_048_576;
const mib = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MiB`;

export const memoryPressure = defineInjector({
  name: 'memory-pressure',
  family: 'ambient',
  summary: 'Takes memory from the gateway in steps: a lower limit, or a balloon beside it.',
  options: {
    via: choice(
      ['nearest', 'cgroup', 'rlimit', 'hint', 'balloon'],
      'nearest',
      'limit of its own cgroup, of its data, of its resident set (nothing enforces it), or a ' +
        'balloon; nearest: the first limit that can be had',
    ),
    headroom: size('64MiB', 'limits: what it may still take at the last step', {
      maxMiB: mostMiB,
    }),
    size: size('256MiB', 'balloon: what it holds at the last step', { maxMiB: mostMiB }),
    steps: integer(4, 'limits: headroom halves with each; balloon: equal parts', {
      min: 1,
      max: 16,
    }),
    every: duration('1s', 'from one step to the next'),
  },
  example: 'memory-pressure;headroom=128MiB;steps=3;every=2s',
  explain: ({ via, headroom, size: held, steps }) =>
    via === 'balloon'
      ? `a balloon beside the gateway grows to ${mib(held)} in ${steps} steps`
      : `the gateway's memory is limited (${via}) to ${mib(headroom)} above what it holds, ` +
        `in ${steps} steps`,
  async disrupt(
    { via, headroom, size: held, steps, every },
    context: DisruptContext<GatewayProcess>,
  ) {
    const { target, clock, note } = context;
    if (via === 'balloon') {
      const balloon = await openBalloon(target.cgroup);
      return await inSteps({ steps, every, clock, note, of: balloon }, async (step) => {
        const bytes = Math.round((held * step) / steps);
        await balloon.inflate(bytes);
        note(`step ${step} of ${steps}: ${mib(bytes)} taken`);
      });
    }
    const kind = via === 'nearest' ? (target.cgroup === null ? 'rlimit' : 'cgroup') : via;
    const limit = await limitOf(kind, target);
    let usedBytes: number | undefined;
    return await inSteps({ steps, every, clock, note, of: limit }, async (step) => {
      usedBytes ??= limit.usedBytes();
      const left = headroom * 2 ** (steps - step);
      await limit.set(usedBytes + left);
      note(`step ${step} of ${steps}: ${mib(left)} left (${kind})`);
    });
  },
});

function limitOf(
  kind: 'cgroup' | 'rlimit' | 'hint',
  { cgroup, pid }: GatewayProcess,
): Promise<MemoryLimit> {
  if (kind !== 'cgroup') return processLimit(pid(), kind === 'hint' ? 'rss' : 'data');
  if (cgroup !== null) return cgroupLimit(cgroup);
  throw new Error(
    'Cannot limit the cgroup of the gateway: it shares it with others. Run it in a container or ' +
      'a service of its own, or use via=rlimit.',
  );
}

interface Stairs {
  readonly steps: number;
  readonly every: number;
  readonly clock: Clock;
  readonly note: DisruptContext<GatewayProcess>['note'];
  /** Disposed of at the end, and when the first step fails. */
  readonly of: AsyncDisposable;
}

/** The first step at once. One that fails later is the last: what is in force stays so. */
async function inSteps(
  { steps, every, clock, note, of }: Stairs,
  take: (step: number) => Promise<void>,
): Promise<AsyncDisposable> {
  let cancel = () => {};
  let last: Promise<void> = Promise.resolve();
  let isOver = false;
  const next = (step: number) => {
    if (isOver || step > steps) return;
    cancel = clock.after(every, () => {
      last = take(step).then(
        () => next(step + 1),
        (error: unknown) =>
          note(`no step ${step}: ${error instanceof Error ? error.message : String(error)}`),
      );
    });
  };
  try {
    await take(1);
  } catch (error) {
    await of[Symbol.asyncDispose]();
    throw error;
  }
  next(2);
  return {
    async [Symbol.asyncDispose]() {
      isOver = true;
      cancel();
      await last;
      await of[Symbol.asyncDispose]();
    },
  };
}
