// Where the gateway's billing goes, and what stands before it during a run: a proxy on the wire to
// it, a hold on its container. Each follows its switch on the control plane, so that a stall can be
// turned while anything runs, by the scenario or by hand.

import { createContainerStall } from '../../injectors/ambient/billing-container.ts';
import { followSwitch, type Stalled } from '../../injectors/ambient/billing-remote.ts';
import {
  healthy,
  type StallPlace,
  type StallState,
} from '../../injectors/ambient/billing-stall.ts';
import { createWireStall } from '../../injectors/ambient/billing-wire.ts';
import { type Clock, type Rng, systemClock } from '../../injectors/determinism.ts';
import { createProxy, type TcpProxy } from '../../injectors/tcp/proxy.ts';
import { redactText } from '../redact.ts';

export interface SinkChoice {
  /** The variable by which the gateway is told the sink: DATABASE_URL. */
  readonly variable?: string;
  readonly url?: string;
  readonly container?: string;
}

export interface Sink extends AsyncDisposable {
  /** The sink's address as the gateway is to know it: the proxy's. */
  readonly environment: Readonly<Record<string, string>>;
  /** What TCP faults act on. */
  readonly proxy: TcpProxy | undefined;
  /** The nearest to the gateway first. */
  readonly places: readonly StallPlace[];
}

export async function openSink(
  choice: SinkChoice,
  control: { readonly url: string; readonly token: string | undefined; readonly rng: Rng },
  clock: Clock = systemClock,
): Promise<Sink> {
  await using stack = new AsyncDisposableStack();
  const places: StallPlace[] = [];
  const environment: Record<string, string> = {};
  let proxy: TcpProxy | undefined;
  const hold = (place: StallPlace, stalled: Stalled) => {
    const life = new AbortController();
    // One state after the other: what the switch said last is not to overtake the healing.
    let last: Promise<void> = Promise.resolve();
    const set = (state: StallState) => {
      const applied = last.then(() => stalled.set(state));
      last = applied.catch(() => undefined);
      return applied;
    };
    // A container that stays paused would outlive the run.
    stack.defer(() => set(healthy));
    stack.defer(() => life.abort());
    const followed: Stalled = {
      counts: stalled.counts,
      set: async (state) => (life.signal.aborted ? undefined : await set(state)),
    };
    const { url, token } = control;
    void followSwitch(followed, { control: new URL(url), token, place, signal: life.signal });
    places.push(place);
  };
  if (choice.variable !== undefined && choice.url !== undefined) {
    const upstream = sinkAddress(choice.url);
    const opened = createProxy('sink', { listen: '', upstream }, { clock, rng: control.rng });
    await opened.setEnabled(true);
    stack.defer(() => opened.setEnabled(false));
    environment[choice.variable] = throughProxy(choice.url, opened.listen);
    hold('wire', createWireStall(opened, clock));
    proxy = opened;
  }
  if (choice.container !== undefined) {
    hold('container', createContainerStall(choice.container, clock));
  }
  const held = stack.move();
  return {
    environment,
    proxy,
    places,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

const knownPorts: Readonly<Record<string, number>> = {
  'postgres:': 5432,
  'postgresql:': 5432,
  'redis:': 6379,
  'http:': 80,
};

/** Host and port, for a proxy to stand before; throws a sentence where the URL tells none. */
export function sinkAddress(text: string): string {
  const url = URL.parse(text);
  if (url === null || url.hostname === '') {
    throw new RangeError(
      `Cannot put a proxy before "${redactText(text)}": it is no URL with a host. Give one such as ` +
        'postgres://me@127.0.0.1:5432/bills.',
    );
  }
  const port = url.port === '' ? knownPorts[url.protocol] : url.port;
  if (port !== undefined) return `${url.hostname}:${port}`;
  throw new RangeError(
    `Cannot put a proxy before ${url.protocol}//${url.host}: which port it has is not known, and ` +
      'TLS is to the name in the URL. Use postgres:, redis: or http:, or give a port.',
  );
}

/** The same URL, with user, password and path, at the proxy's address. */
function throughProxy(text: string, listen: string): string {
  const url = new URL(text);
  url.host = listen;
  return url.href;
}
