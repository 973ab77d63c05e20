// The client goes away before its answer is complete: at an exact event, a share of the events, a
// byte, or after a time; `at=0` leaves once the request is written, before any header came. The
// commonest way to make a gateway leak, since whatever it holds for the request loses its reader.

import { type DisruptContext, defineInjector } from '../injector.ts';
import { choice, duration, type OptionType, type RawValue } from '../options.ts';
import { explainPosition, type Position, position } from '../position.ts';
import type { ClientExchange, ExchangeProgress } from './exchange.ts';

/** Makes an option that may be left out; only this fault has two that exclude each other. */
function orNone<T>(type: OptionType<T>): OptionType<T | undefined> {
  return {
    ...type,
    accepts: `${type.accepts}, or none`,
    fallback: 'none',
    parse: (raw: RawValue) => (raw === 'none' ? undefined : type.parse(raw)),
  };
}

/** An event's size is unknown until it has arrived, so a client cannot leave half-way in it. */
function clientPosition(help: string): OptionType<Position> {
  const accepts = 'an event count (3), a share (50%) or a byte offset (4711B, 4KiB)';
  const any = position(undefined, help);
  return {
    ...any,
    accepts,
    parse(raw) {
      const at = any.parse(raw);
      if (!['event', 'share', 'byte'].includes(at.kind)) throw new RangeError(accepts);
      return at;
    },
  };
}

const firstEvent: Position = { kind: 'event', index: 1 };

export const abort = defineInjector({
  name: 'abort',
  family: 'client',
  summary: 'The client goes away before its answer is complete.',
  options: {
    at: orNone(clientPosition('where it leaves; event 1 when neither at nor after is given')),
    after: orNone(duration(undefined, 'how long after sending it leaves, whatever has arrived')),
    how: choice(['close', 'reset'], 'close', 'close: as a closed tab does; reset: TCP RST at once'),
  },
  example: 'abort;at=3',
  explain({ at, after, how }) {
    const place = at ?? (after === undefined ? firstEvent : undefined);
    const moments = [
      ...(place === undefined ? [] : [explainPosition(place)]),
      ...(after === undefined ? [] : [`after ${after} ms`]),
    ];
    return `the client leaves ${moments.join(' or ')} (${how})`;
  },
  async disrupt({ at, after, how }, { target, clock, note }: DisruptContext<ClientExchange>) {
    const leave = (where: string) => {
      target.abort(how);
      note(`client left ${where} (${how})`);
    };
    const place = at ?? (after === undefined ? firstEvent : undefined);
    if (place !== undefined) leaveAt(place, target, leave);
    const cancel =
      after === undefined ? undefined : clock.after(after, () => leave(`after ${after} ms`));
    return { [Symbol.asyncDispose]: async () => cancel?.() };
  },
});

function leaveAt(at: Position, target: ClientExchange, leave: (where: string) => void): void {
  const isReached = reached(at, target.expectedEventCount);
  let hasLeft = false;
  target.onProgress((progress) => {
    if (hasLeft || !isReached(progress)) return;
    hasLeft = true;
    leave(`after ${progress.eventCount} events`);
  });
}

function reached(
  at: Position,
  expectedEventCount: number | undefined,
): (progress: ExchangeProgress) => boolean {
  switch (at.kind) {
    case 'event':
      return ({ eventCount }) => eventCount >= at.index;
    case 'byte':
      return ({ byteCount }) => byteCount >= at.offset;
    case 'share': {
      if (expectedEventCount === undefined) {
        const percent = Math.round(at.share * 100);
        throw new Error(
          `Cannot abort at ${percent}%: the request does not say how many events it expects. ` +
            'Give at= as an event count, or the request its expectedEventCount.',
        );
      }
      const index = Math.floor(expectedEventCount * at.share);
      return ({ eventCount }) => eventCount >= index;
    }
    case 'mid-frame':
    case 'headers':
    case 'end':
      throw new RangeError(`Cannot abort at ${at.kind}: the option refuses it.`);
  }
}
