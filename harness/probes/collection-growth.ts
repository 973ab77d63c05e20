// Which collections of a process grow with its work: every living Map, Set and Array is looked at
// before, between and after two stretches of work, each by its identity. It finds what profiles
// miss, containers of numbers, and tells growth in elements. Only the first look walks the heap.

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
  /** To be called twice: between the stretches and after them. */
  look(): Promise<void>;
  /** Those that had grown at each look. */
  grown(): Promise<readonly LiveCollection[]>;
}

/** What has leaked for long enough to be accused holds more than this. */
const leastSize = 8;
const mostGrown = 30;
/** The target has just walked its heap and may have requests to catch up with. */
const callLimitMs = 30_000;

/** Takes the first look. The census lives in the target until the client leaves. */
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
  const enrol = 'function (all) { return this.enrol(all) }';
  await withLiveObjects(client, 'Object.prototype', enrol, census);
  return {
    look: async () => void resultValue(await call('look', 0)),
    async grown() {
      const grown = resultValue(await call('grown', mostGrown)) as GrownCollection[];
      const found: LiveCollection[] = [];
      for (const [position, collection] of grown.entries()) {
        const { result } = await call('at', position, false);
        const { objectId } = result as { readonly objectId: string };
        const answer = await client.send('HeapProfiler.getHeapObjectId', { objectId });
        await client.send('Runtime.releaseObject', { objectId });
        found.push({ ...collection, heapId: Number(answer.heapSnapshotObjectId) });
      }
      return found;
    },
  };
}

async function install(client: InspectorClient): Promise<string> {
  const expression = `(${installCollectionCensus.toString()})(${leastSize})`;
  const answer = await client.send('Runtime.evaluate', { expression, silent: true });
  resultValue(answer);
  const { objectId } = (answer.result ?? {}) as { objectId?: unknown };
  if (typeof objectId === 'string') return objectId;
  throw new Error('Cannot watch collections: no census came back.');
}
