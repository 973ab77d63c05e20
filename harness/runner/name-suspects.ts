// Who keeps the memory? Two equal stretches of work under a sampling heap profile, and between them
// what only stillness shows: heap snapshots and the sizes of all collections. Names functions
// first, then the variables that hold what they made and the collections that grow.
//
//   census, S1 ─ work ─ S2, census ─ work ─ S3, census       the profile runs all along

import { type HeapGraph, heapGraphBuilder } from '../heap/heap-graph.ts';
import { nameHolder } from '../heap/holder-name.ts';
import { countSurvivors, findHolders, type Stretch } from '../heap/holders.ts';
import { type LastIds, lastIdsReader } from '../heap/last-ids.ts';
import { type RetentionTree, retentionTree } from '../heap/retention-tree.ts';
import { collectionGrowth, type LiveCollection } from '../probes/collection-growth.ts';
import { startHeapProfile, workingFolder } from '../probes/heap-profile.ts';
import { takeHeapSnapshot } from '../probes/heap-snapshot.ts';
import { connectTo } from '../probes/inspector.ts';
import type { InspectorClient } from '../probes/inspector-client.ts';
import { type SourcePlaces, sourcePlaces } from '../probes/source-places.ts';
import type { Subject } from '../subjects/subject.ts';
import type { Suspect } from '../verdict.ts';

export interface Diagnosis {
  /** Functions, then variables and collections; the largest of both first. */
  readonly suspects: readonly Suspect[];
  /** Begun in the first stretch and alive after the second: work that waits for something. */
  readonly promisesPerRequest: number;
  readonly generatorsPerRequest: number;
}

export interface DiagnosisOptions {
  /** Does this many requests and waits for them. */
  readonly work: (count: number) => Promise<void>;
  readonly requestCount: number;
  readonly nowMs: () => number;
  /** The application's folder; default: the subject's working directory. */
  readonly root?: string;
}

const mostHeld = 5;
/** What holds less than this share of the largest is chance beside it. */
const leastShare = 0.05;
/** Elements per request below which a collection's growth is chance. */
const leastGrowth = 0.02;
/** Bytes of a slot: an element; an entry and its share of the buckets, eight bytes a word. */
const slotBytes = { Array: 8, Set: 20, Map: 28 } as const;

export async function nameSuspects(
  subject: Subject,
  { work, requestCount, nowMs, root = workingFolder(subject) }: DiagnosisOptions,
): Promise<Diagnosis> {
  const half = Math.ceil(requestCount / 2);
  await using profile = await startHeapProfile(subject, nowMs, { root });
  await using client = await connectTo(subject, 'a diagnosis');
  const growth = await collectionGrowth(client);
  await growth.look();
  const before = await lastIds(client);
  await work(half);
  const after = await lastIds(client);
  await growth.look();
  await work(half);
  const graph = await wholeGraph(client);
  await growth.look();
  const functions = await profile.stop(2 * half);
  const heap = { graph, tree: retentionTree(graph), places: sourcePlaces(root), functions, half };
  const stretch = { before, after };
  const held = heldBy(heap, stretch);
  const left = (className: RegExp) => countSurvivors(graph, heap.tree, stretch, className) / half;
  return {
    suspects: [...functions, ...withCollections(heap, held, growth.grown())],
    promisesPerRequest: left(/^Promise$/),
    generatorsPerRequest: left(/^(?:Async)?Generator$/),
  };
}

interface Heap {
  readonly graph: HeapGraph;
  readonly tree: RetentionTree;
  readonly places: SourcePlaces;
  readonly functions: readonly Suspect[];
  /** Requests of one stretch. */
  readonly half: number;
}

type Held = { readonly node: number; readonly suspect: Suspect };

function heldBy(heap: Heap, stretch: Stretch): Held[] {
  return findHolders(heap.graph, heap.tree, stretch).map((holder) => ({
    node: holder.node,
    suspect: suspectOf(heap, 'variable', holder.node, holder.next, holder.bytes / heap.half),
  }));
}

function suspectOf(
  { graph, tree, places, functions }: Heap,
  kind: Suspect['kind'],
  node: number,
  next: number,
  bytesPerRequest: number,
): Suspect {
  const { name, variable, seenBy, path } = nameHolder(graph, tree, { node, next, bytes: 0 });
  // What no function sees, a property of the global object, is placed where it is filled.
  const written =
    seenBy === null
      ? (functions[0] ?? { file: '', line: 0 })
      : places.ofVariable(seenBy.url, variable ?? '', seenBy.line, seenBy.column);
  return { name, file: written.file, line: written.line, kind, bytesPerRequest, path };
}

/** A collection that is held already adds its growth in elements; others stand for themselves. */
function withCollections(
  heap: Heap,
  held: readonly Held[],
  grown: readonly LiveCollection[],
): Suspect[] {
  const { graph, tree, half } = heap;
  const variables = held.map(({ suspect }) => ({ ...suspect }));
  const collections: Suspect[] = [];
  for (const { kind, sizes, element, heapId } of grown) {
    const perRequest = (sizes[2] - sizes[0]) / (2 * half);
    const node = graph.id.indexOf(heapId);
    if (perRequest < leastGrowth || node === -1 || tree.parentEdge[node] === -1) continue;
    const more = `; grows by ${Number(perRequest.toPrecision(3))} per request (${element})`;
    const same = held.findIndex((entry) => entry.node === node);
    const known = variables[same];
    if (known !== undefined) {
      variables[same] = { ...known, path: `${known.path ?? ''}${more}` };
    } else if (!isHeld(tree, node, held)) {
      const bytes = perRequest * slotBytes[kind];
      const suspect = suspectOf(heap, 'collection', node, -1, bytes);
      collections.push({ ...suspect, path: `${suspect.path ?? ''}${more}` });
    }
  }
  const all = [...variables, ...collections].sort((a, b) => b.bytesPerRequest - a.bytesPerRequest);
  const least = (all[0]?.bytesPerRequest ?? 0) * leastShare;
  return all.filter(({ bytesPerRequest }) => bytesPerRequest >= least).slice(0, mostHeld);
}

function isHeld(tree: RetentionTree, from: number, held: readonly Held[]): boolean {
  for (let node = from; node > 0; node = tree.parent[node] ?? -1) {
    if (held.some((entry) => entry.node === node)) return true;
  }
  return false;
}

async function lastIds(client: InspectorClient): Promise<LastIds> {
  const reader = lastIdsReader();
  await takeHeapSnapshot(client, reader);
  return reader.ids();
}

async function wholeGraph(client: InspectorClient): Promise<HeapGraph> {
  const builder = heapGraphBuilder();
  await takeHeapSnapshot(client, builder);
  return builder.graph();
}
