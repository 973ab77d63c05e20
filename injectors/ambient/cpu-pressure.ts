// Takes processor time from everything on the machine, the gateway among it: a gateway that falls
// behind holds more requests at once, and its collector gets less time to keep up.

import { availableParallelism } from 'node:os';
import { type DisruptContext, defineInjector } from '../injector.ts';
import { integer, ratio } from '../options.ts';
import { startBurden } from './burden.ts';
import type { GatewayProcess } from './gateway-process.ts';

/** A turn is short, so that the share holds over any time that matters to a request. */
const turnMs = 20;

const script = (load: number) => `
lines.on('line', () => {
  console.log('busy');
  const turn = () => {
    const until = performance.now() + ${turnMs * load};
    while (performance.now() < until);
    ${load === 1 ? 'setImmediate(turn)' : `setTimeout(turn, ${turnMs * (1 - load)})`};
  };
  turn();
});
`;

export const cpuPressure = defineInjector({
  name: 'cpu-pressure',
  family: 'ambient',
  summary: 'Keeps processors busy, so that the gateway gets less of their time.',
  options: {
    workers: integer(0, 'processes that are busy; 0: one for each processor', {
      min: 0,
      max: 256,
    }),
    load: ratio('100%', 'share of its time that each is busy'),
  },
  example: 'cpu-pressure;workers=2;load=80%',
  explain: ({ workers, load }) =>
    `${workers === 0 ? 'a process for each processor is' : `${workers} processes are`} busy for ` +
    `${Math.round(load * 100)} % of the time`,
  async disrupt({ workers, load }, { note }: DisruptContext<GatewayProcess>) {
    await using stack = new AsyncDisposableStack();
    const count = workers === 0 ? availableParallelism() : workers;
    for (let started = 0; started < count; started++) {
      const burden = stack.use(await startBurden(script(load)));
      await burden.tell('start');
    }
    note(`${count} busy processes`);
    return stack.move();
  },
});
