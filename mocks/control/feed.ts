// What `live` sends: what the fakes do, four times a second while anybody listens, and what a run
// tells about the gateway (samples, phases, verdicts), passed on as it comes.

import type { Clock } from '../../injectors/determinism.ts';
import type { Journal, JournalEntry } from '../journal.ts';
import type { PlanInForce } from '../plan-in-force.ts';
import type { Switch } from '../switches.ts';
import type { Tally } from '../tally.ts';

export interface FeedParts {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly tally: Tally;
  readonly plan: PlanInForce;
  readonly switches: Readonly<Record<string, Switch>>;
  readonly seed: number;
}

/** A message of a run about its gateway; leakbed does not look into it. */
export interface Told {
  readonly type: 'run' | 'phase' | 'sample' | 'level' | 'verdict';
  readonly [field: string]: unknown;
}

export interface Feed {
  /** Sends to one listener until the returned function is called. */
  subscribe(send: (message: string) => void): () => void;
  /** Passes a message of a run on, and keeps the newest ones for who comes later. */
  tell(message: Told): void;
  readonly listeners: number;
}

const tickMs = 250;
/** Of requests that ended between two ticks, so many are sent; the others are counted. */
const entriesPerTick = 100;
/** What is kept of a run for those who come later: minutes of samples. */
const keptBytes = 4 * 1024 ** 2;

export function createFeed(parts: FeedParts): Feed {
  const listeners = new Set<(message: string) => void>();
  const told: string[] = [];
  let toldBytes = 0;
  let ended: JournalEntry[] = [];
  let skipped = 0;
  let stop: (() => void) | undefined;

  const broadcast = (message: string) => {
    for (const send of listeners) send(message);
  };
  const tick = () => {
    broadcast(JSON.stringify({ ...stateOf(parts), ended, skipped }));
    ended = [];
    skipped = 0;
    cancel = parts.clock.after(tickMs, tick);
  };
  let cancel = () => {};
  const start = () => {
    const unwatch = parts.journal.watch((entry) => {
      if (ended.length < entriesPerTick) ended.push(entry);
      else skipped += 1;
    });
    cancel = parts.clock.after(tickMs, tick);
    stop = () => {
      cancel();
      unwatch();
      ended = [];
    };
  };
  return {
    subscribe(send) {
      send(JSON.stringify({ type: 'hello', seed: parts.seed }));
      send(JSON.stringify({ ...stateOf(parts), ended: [], skipped: 0 }));
      for (const message of told) send(message);
      listeners.add(send);
      if (listeners.size === 1) start();
      return () => {
        if (!listeners.delete(send) || listeners.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
    tell(message) {
      // A new run is a new story.
      if (message.type === 'run') toldBytes = told.length = 0;
      const text = JSON.stringify(message);
      told.push(text);
      toldBytes += text.length;
      // The first message says which run it is.
      while (toldBytes > keptBytes) toldBytes -= told.splice(1, 1)[0]?.length ?? keptBytes;
      broadcast(text);
    },
    get listeners() {
      return listeners.size;
    },
  };
}

function stateOf({ clock, journal, tally, plan, switches }: FeedParts) {
  const { rss, heapUsed } = process.memoryUsage();
  return {
    type: 'state',
    at: clock.wallTime().toISOString(),
    streamsInFlight: journal.inFlightCount,
    requests: tally.requests,
    bytes: tally.bytes,
    faults: Object.fromEntries(tally.faults),
    plan: plan.current(),
    switches: Object.fromEntries(
      Object.entries(switches).map(([name, { state, seen }]) => [name, { state, seen }]),
    ),
    mocks: { rssBytes: rss, heapUsedBytes: heapUsed },
  };
}
