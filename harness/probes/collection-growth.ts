// Which collections of a process grow with its work: every living Map, Set and Array is looked at
// before, between and after two stretches of work, each by its identity. It finds what profiles
// miss, containers of numbers, and tells growth in elements.

import {
  type CollectionCensus,
  type GrownCollection,
  installCollectionCensus,
} from './agents/collection-census.ts';
import { type InspectorClient, resultValue } from './inspector-client.ts';
import { withLiveObjects } from './live-objects.ts';

export interface LiveCollection extends GrownCollection {
  /** The id that heap snapshots know it by. */
  readonly heapId: number;
}

export interface CollectionGrowth {
  /** To be called three times: before, between and after the stretches. */
  look(): Promise<void>;
  /** Those that had grown at each look, as of the last one. */
  grown(): readonly LiveCollection[];
}

const prototypes = ['Map.prototype', 'Set.prototype', 'Array.prototype'] as const;
const mostGrown = 10;
/** The target has just walked its heap and may have requests to catch up with. */
const callLimitMs = 30_000;

/** The census lives in the target until the client leaves. */
export async function collectionGrowth(client: InspectorClient): Promise<CollectionGrowth> {
  const census = await install(client);
  const call = async (method: keyof CollectionCensus, argument: number, returnByValue = true) =>
    await client.send(
      'Runtime.callFunctionOn',
      {
        objectId: census,
        functionDeclaration: `function (value) { return this.${method}(value) }`,
        arguments: [{ value: argument }],
        returnByValue,
        silent: true,
      },
      callLimitMs,
    );
  const found: LiveCollection[] = [];
  return {
    async look() {
      const declaration = 'function (all) { return this.look(all) }';
      found.length = 0;
      for (const prototype of prototypes) {
        await withLiveObjects(client, prototype, declaration, census);
        const grown = resultValue(await call('grown', mostGrown)) as GrownCollection[];
        for (const [position, collection] of grown.entries()) {
          const { result } = await call('at', position, false);
          const { objectId } = result as { readonly objectId: string };
          const answer = await client.send('HeapProfiler.getHeapObjectId', { objectId });
          await client.send('Runtime.releaseObject', { objectId });
          found.push({ ...collection, heapId: Number(answer.heapSnapshotObjectId) });
        }
      }
    },
    grown: () => [...found],
  };
}

async function install(client: InspectorClient): Promise<string> {
  const expression = `(${installCollectionCensus.toString()})()`;
  const answer = await client.send('Runtime.evaluate', { expression, silent: true });
  resultValue(answer);
  const { objectId } = (answer.result ?? {}) as { objectId?: unknown };
  if (typeof objectId === 'string') return objectId;
  throw new Error('Cannot watch collections: no census came back.');
}
