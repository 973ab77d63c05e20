// What is alive at rest, by what it is for: promises nobody settled, generators nobody ran
// to their end, clients that nobody closed. Only where it is asked for: each count walks the heap.

import { countObjects, type ObjectCensus } from './agents/object-census.ts';
import { connectTo } from './inspector.ts';
import { withLiveObjects } from './live-objects.ts';
import type { Probe, Reading } from './probe.ts';

export interface CensusOptions {
  /** At each level too, not only when asked. */
  readonly atLevels?: boolean;
}

export function censusProbe({ atLevels = false }: CensusOptions = {}): Probe {
  return {
    name: 'census',
    needs: ['inspector'],
    metrics: ['promiseCount', 'generatorCount', 'clientCount', 'elementCount'],
    cost: 'none under load; a collection and a walk over the heap where asked: 0.2 to 0.9 s',
    async attach(subject) {
      const client = await connectTo(subject, 'census');
      const census = async (): Promise<Reading> => {
        const found = await withLiveObjects(client, 'Object.prototype', countObjects.toString());
        const { promises, generators, clients, elements } = found as ObjectCensus;
        return {
          promiseCount: promises,
          generatorCount: generators,
          clientCount: clients,
          elementCount: elements,
        };
      };
      return {
        sample: async () => ({}),
        level: async () => (atLevels ? await census() : {}),
        census,
        [Symbol.asyncDispose]: client[Symbol.asyncDispose],
      };
    },
  };
}
