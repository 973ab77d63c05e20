// Where the gateway's billing goes, and what stands before it during a run: a proxy on the wire to
// it, a hold on its container. Each follows its switch on the control plane, so that a stall can be
// turned while anything runs, by the scenario or by hand.

import { createContainerStall } from '../../injectors/ambient/billing-container.ts';
import { followSwitch, type Stalled } from '../../injectors/ambient/billing-remote.ts';
import { healthy, type StallPlace } from '../../injectors/ambient/billing-stall.ts';
import { createWireStall } from '../../injectors/ambient/billing-wire.ts';
import { type Clock, type Rng, systemClock } from '../../injectors/determinism.ts';
import { createProxy, type TcpProxy } from '../../injectors/tcp/proxy.ts';

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
    // A container that stays paused would outlive the run.
    stack.defer(async () => void (await stalled.set(healthy)));
    stack.defer(() => life.abort());
    const { url, token } = control;
    void followSwitch(stalled, { control: new URL(url), token, place, signal: life.signal });
    places.push(place);
  };
  if (choice.variable !== undefined && choice.url !== undefined) {
    const upstream = addressOf(choice.url);
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

function addressOf(text: string): string {
  const url = new URL(text);
  const port = url.port === '' ? knownPorts[url.protocol] : url.port;
  if (port !== undefined) return `${url.hostname}:${port}`;
  throw new Error(
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
