// Makes any gateway leak on purpose, while it runs and unchanged: it is made to keep some bytes for
// every request it answered, and lets go of them when healed. So a detector can be tried on the
// very gateway it is to guard; with a limit it is growth that stops, as a cache that fills.

import { type DisruptContext, defineInjector } from '../injector.ts';
import { choice, duration, size } from '../options.ts';

export const retainedKinds = ['objects', 'buffers', 'timers'] as const;
export type RetainedKind = (typeof retainedKinds)[number];

/** Whoever can reach into the gateway and counts its answers. */
export interface Retainer extends AsyncDisposable {
  requestsDone(): number;
  /** Keeps so many bytes for each of `count` requests. */
  retain(count: number): Promise<void>;
}

export interface LeakableGateway {
  /** Rejects with a sentence where nobody can reach into the gateway. Disposal lets all go. */
  openRetainer(kind: RetainedKind, bytesPerRequest: number): Promise<Retainer>;
}

export const syntheticLeak = defineInjector({
  name: 'synthetic-leak',
  family: 'ambient',
  summary: 'Makes the gateway keep some bytes of every request until healed.',
  options: {
    kind: choice(retainedKinds, 'objects', 'what is kept: small objects, buffers, or timers'),
    bytes: size('2KiB', 'kept for each request; of timers, what each of them holds', {
      maxMiB: 16,
    }),
    limit: size('0B', 'growth stops here, as of a cache that is full; 0: never', {
      maxMiB: 4096,
    }),
    every: duration('50ms', 'how often it is brought up to date'),
  },
  example: 'synthetic-leak;bytes=4KiB',
  explain: ({ kind, bytes, limit }) =>
    `the gateway keeps ${bytes} bytes of ${kind} for each request` +
    (limit > 0 ? `, up to ${limit} bytes` : ''),
  async disrupt(options, { target, clock, note }: DisruptContext<LeakableGateway>) {
    const { kind, bytes, limit, every } = options;
    const retainer = await target.openRetainer(kind, bytes);
    const most = limit > 0 ? Math.floor(limit / Math.max(1, bytes)) : Number.POSITIVE_INFINITY;
    const before = retainer.requestsDone();
    let kept = 0;
    let isOver = false;
    let cancel = () => {};
    let last = Promise.resolve();
    const next = () => {
      cancel = clock.after(every, () => {
        last = follow().then(
          () => (isOver ? undefined : next()),
          // A gateway that is gone keeps nothing; one that stays leaks no more from here on.
          (error: unknown) => note(`kept ${kept} times, then no more: ${reasonOf(error)}`),
        );
      });
    };
    const follow = async () => {
      const due = Math.min(most, retainer.requestsDone() - before) - kept;
      if (due <= 0) return;
      await retainer.retain(due);
      kept += due;
    };
    next();
    return {
      async [Symbol.asyncDispose]() {
        isOver = true;
        cancel();
        await last;
        note(`kept ${kept} times ${bytes} bytes, and let go`);
        await retainer[Symbol.asyncDispose]();
      },
    };
  },
});

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
