// The client goes away before its answer is complete: at an exact event, a share of the events, a
// byte, or after a time; `at=0` leaves once the request is written, before any header came. The
// commonest way to make a gateway leak, since whatever it holds for the request loses its reader.

import { type DisruptContext, defineInjector } from '../injector.ts';
import { choice, duration, type OptionType, type RawValue } from '../options.ts';
import { explainPosition, type Position } from '../position.ts';
import { clientPosition, whenReached } from './client-position.ts';
import type { ClientExchange } from './exchange.ts';

/** Makes an option that may be left out; only this fault has two that exclude each other. */
function orNone<T>(type: OptionType<T>): OptionType<T | undefined> {
  return {
    ...type,
    accepts: `${type.accepts}, or none`,
    fallback: 'none',
    parse: (raw: RawValue) => (raw === 'none' ? undefined : type.parse(raw)),
  };
}

const firstEvent: Position = { kind: 'event', index: 1 };

export const abort = defineInjector({
  name: 'abort',
  family: 'client',
  summary: 'The client goes away before its answer is complete.',
  options: {
    at: orNone(
      clientPosition(undefined, 'where it leaves; event 1 when neither at nor after is given'),
    ),
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
    if (place !== undefined) {
      whenReached(place, target, ({ eventCount }) => leave(`after ${eventCount} events`));
    }
    const cancel =
      after === undefined ? undefined : clock.after(after, () => leave(`after ${after} ms`));
    return { [Symbol.asyncDispose]: async () => cancel?.() };
  },
});
