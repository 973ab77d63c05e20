// What `live` sends: what the fakes do, four times a second while anybody listens, and what a run
// tells about the gateway (samples, faults, the verdict as it forms), passed on as it comes.

import type { Clock } from '../../injectors/determinism.ts';
import type { Journal, JournalEntry } from '../journal.ts';
import type { PlanInForce } from '../plan-in-force.ts';
import type { Switch } from '../switches.ts';
import type { Tally } from '../tally.ts';
import { shownStreams } from './shown-streams.ts';
import { createStory, type Told } from './story.ts';

export interface FeedParts {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly tally: Tally;
  readonly plan: PlanInForce;
  readonly switches: Readonly<Record<string, Switch>>;
  readonly seed: number;
}

export interface Feed {
  /** Sends to one listener until the returned function is called. */
  subscribe(send: (message: string) => void): () => void;
  /** Passes a message of a run on, and keeps it for who comes later. */
  tell(message: Told): void;
  readonly listeners: number;
}

const tickMs = 250;
const faultsShown = 100;
/** Of requests that ended between two ticks, so many are sent; the others are counted. */
const entriesPerTick = 100;

export function createFeed(parts: FeedParts): Feed {
  const listeners = new Set<(message: string) => void>();
  const story = createStory();
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
      send(`{"type":"story","messages":[${story.messages.join(',')}]}`);
      listeners.add(send);
      if (listeners.size === 1) start();
      return () => {
        if (!listeners.delete(send) || listeners.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
    tell(message) {
      story.add(message);
      broadcast(JSON.stringify(message));
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
    endings: Object.fromEntries(tally.endings),
    faults: Object.fromEntries(tally.faults),
    streams: shownStreams(journal),
    plan: plan.current(),
    inForce: plan.faults().slice(0, faultsShown),
    switches: Object.fromEntries(
      Object.entries(switches).map(([name, { state, seen }]) => [name, { state, seen }]),
    ),
    mocks: { rssBytes: rss, heapUsedBytes: heapUsed },
  };
}
