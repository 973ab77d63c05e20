// One cell of the table: a fault's own example against one SDK, on fakes of its own, so that the
// same seed gives the same cell in whatever order the cells come.

import { seededRng, systemClock } from '../../../injectors/determinism.ts';
import { placeOf } from '../../../injectors/family.ts';
import type { RegisteredInjector } from '../../../injectors/injector.ts';
import { exclusion } from '../../../injectors/pipeline.ts';
import { parseFaultWords } from '../../../injectors/plan.ts';
import { createProxy } from '../../../injectors/tcp/proxy.ts';
import type { ToxicTarget } from '../../../injectors/tcp/toxic.ts';
import { type Mocks, startMocks } from '../../../mocks/server.ts';
import type { Column } from './columns.ts';
import { printed } from './observe.ts';

export interface FaultCell {
  /** What the SDK told its caller. */
  readonly observed: string;
  /** Why the fault cannot be here; the SDK then saw an undisturbed stream. */
  readonly excluded?: string;
  /** What the journal, or the proxy, has of the fault. */
  readonly notes: readonly string[];
}

/** Some faults let the first requests pass. */
const mostAsked = 4;
/** Such a fault changes the connection, and only the next request tells what became of it. */
const outlasting: readonly string[] = [
  'zero-window',
  'zero-streams',
  'small-header-list',
  'connection-close',
];

export async function faultCell(
  injector: RegisteredInjector,
  column: Column,
  silenceMs: number,
): Promise<FaultCell> {
  await using mocks = await startMocks({ port: 0, seed: 1 });
  const act = placeOf(injector.family) === 'connection' ? throughProxy : planned;
  const excluded = exclusion(injector, column);
  const seen = await act(mocks, injector, column, silenceMs);
  return { ...seen, ...(excluded !== undefined && { excluded }) };
}

type Act = (
  mocks: Mocks,
  injector: RegisteredInjector,
  column: Column,
  silenceMs: number,
) => Promise<Pick<FaultCell, 'observed' | 'notes'>>;

const planned: Act = async (mocks, { name, example }, column, silenceMs) => {
  const problems = mocks.plan.set({ faults: [parseFaultWords(example)] });
  if (problems.length > 0) throw new Error(problems.join(' '));
  const sdk = column.connect(mocks);
  try {
    let observed = '';
    let notes: readonly string[] = [];
    for (let asked = 0; asked < mostAsked && notes.length === 0; asked += 1) {
      observed = printed(await sdk.ask(silenceMs));
      notes = mocks.journal
        .since(0)
        .flatMap(({ injected }) => injected)
        .filter((what) => what.startsWith(`${name}: `));
      // The one fault that does nothing has nothing to say.
      if (name === 'noop') notes = ['does nothing'];
    }
    mocks.plan.clear();
    if (outlasting.includes(name)) observed += `, then ${printed(await sdk.ask(silenceMs))}`;
    return { observed, notes };
  } finally {
    sdk.close();
  }
};

/** Toxics sit between the SDK and the fakes. */
const throughProxy: Act = async (mocks, injector, column, silenceMs) => {
  const { fault } = injector.bind(parseFaultWords(injector.example).options ?? {});
  if (fault?.disrupt === undefined) throw new Error(`${injector.name} disrupts nothing.`);
  const addresses = { listen: `${mocks.host}:0`, upstream: `${mocks.host}:${mocks.port}` };
  const proxy = createProxy('sdk', addresses, { clock: systemClock, rng: seededRng(1) });
  await proxy.setEnabled(true);
  const port = Number(proxy.listen.split(':').at(-1));
  const sdk = column.connect({ ...mocks, port, url: `http://${mocks.host}:${port}` });
  const notes: string[] = [];
  const { signal } = new AbortController();
  const context = { target: proxy as ToxicTarget, clock: systemClock, signal };
  const disrupt = fault.disrupt as (context: unknown) => Promise<AsyncDisposable>;
  const healing = await disrupt({ ...context, note: (what: string) => void notes.push(what) });
  try {
    return { observed: printed(await sdk.ask(silenceMs)), notes };
  } finally {
    sdk.close();
    await healing[Symbol.asyncDispose]();
    await proxy.setEnabled(false);
  }
};
