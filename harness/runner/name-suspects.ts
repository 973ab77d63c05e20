// Who keeps the memory? Two equal stretches of work under a sampling heap profile, and between them
// what only stillness shows: heap snapshots and the sizes of all collections. Names functions
// first, then the variables that hold what they made and the collections that grow.
//
//   S1, census ─ work ─ S2, look ─ work ─ S3, look       the profile runs all along
//
// All but the profile stands the gateway still for a time that grows with its heap. S1 tells how
// long; what the time left does not allow is left out and said, the census first, S3 last.

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
import { type DiagnosisWork, workUntil } from './diagnosis-work.ts';
import { fairClock } from './fair-clock.ts';

export interface Diagnosis {
  /** Functions, then variables and collections; the largest of both first. */
  readonly suspects: readonly Suspect[];
  /** Begun in the first stretch and alive after the second: work that waits for something. */
  readonly promisesPerRequest: number | null;
  readonly generatorsPerRequest: number | null;
  /** What there was no time for, in words; null when it was all done. */
  readonly cutShort: string | null;
}

export interface DiagnosisOptions extends DiagnosisWork {
  /** The application's folder; default: the subject's working directory. */
  readonly root?: string;
  /** Nothing is begun that would, by the time the first snapshot took, end later. */
  readonly limitMs?: number;
}

const usualLimitMs = 20_000;
/** Of its time, what is left for the requests. */
const workShare = 0.2;
/** What each step takes, in times of the first snapshot: measured with heaps of 60 to 200 MB. */
const cost = { census: 0.7, snapshot: 1, graph: 1.5 } as const;
const mostHeld = 5;
/** What holds less than this share of the largest is chance beside it. */
const leastShare = 0.05;
/** Elements per request below which a collection's growth is chance. */
const leastGrowth = 0.02;
/** Bytes of a slot: an element; an entry and its share of the buckets, eight bytes a word. */
const slotBytes = { Array: 8, Set: 20, Map: 28 } as const;

export async function nameSuspects(
  subject: Subject,
  options: DiagnosisOptions,
): Promise<Diagnosis> {
  const { requestCount, nowMs, root = workingFolder(subject), limitMs = usualLimitMs } = options;
  const clock = fairClock(nowMs, subject.pid);
  await using profile = await startHeapProfile(subject, nowMs, { root });
  await using client = await connectTo(subject, 'a diagnosis');
  const seen = await lookTwice(client, { ...options, nowMs: clock, limitMs });
  const functions = await profile.stop(seen.first + seen.second);
  const cutShort = whatIsMissing(seen, requestCount);
  if (seen.graph === null) {
    return { suspects: functions, promisesPerRequest: null, generatorsPerRequest: null, cutShort };
  }
  const { graph, stretch, grown } = seen;
  const tree = retentionTree(graph);
  const requests = {
    born: seen.isParted ? seen.first : seen.first + seen.second,
    all: seen.first + seen.second,
  };
  const heap = { graph, tree, places: sourcePlaces(root), functions, requests };
  const held = heldBy(heap, stretch);
  const left = (className: RegExp) =>
    countSurvivors(graph, tree, stretch, className) / requests.born;
  return {
    suspects: [...functions, ...withCollections(heap, held, grown ?? [])],
    promisesPerRequest: left(/^Promise$/),
    generatorsPerRequest: left(/^(?:Async)?Generator$/),
    cutShort,
  };
}

/** What was seen around the stretches of work, as far as there was time. */
interface Seen {
  /** Requests of each stretch. */
  readonly first: number;
  readonly second: number;
  /** Of the last snapshot. */
  readonly graph: HeapGraph | null;
  readonly stretch: Stretch;
  /** A snapshot between the stretches tells what was born in the first. */
  readonly isParted: boolean;
  readonly grown: readonly LiveCollection[] | null;
}

async function lookTwice(
  client: InspectorClient,
  options: DiagnosisOptions & { readonly limitMs: number },
): Promise<Seen> {
  const { nowMs, limitMs } = options;
  const endMs = nowMs() + limitMs;
  const half = { ...options, requestCount: Math.ceil(options.requestCount / 2) };
  const startedMs = nowMs();
  const before = await lastIds(client);
  const unitMs = nowMs() - startedMs;
  const leftFor = (units: number) => endMs - nowMs() - units * unitMs;
  const isTimeFor = (units: number) => leftFor(units) >= workShare * limitMs;
  const growth = isTimeFor(cost.graph + cost.census) ? await collectionGrowth(client) : null;
  const first = await workUntil(half, nowMs() + leftFor(cost.graph + cost.snapshot) / 2);
  const isParted = isTimeFor(cost.graph + cost.snapshot);
  const after = isParted ? await lastIds(client) : everything;
  await growth?.look();
  const second = await workUntil(half, nowMs() + leftFor(cost.graph));
  await growth?.look();
  const graph = leftFor(cost.graph) > -workShare * limitMs ? await wholeGraph(client) : null;
  const grown = graph === null ? null : ((await growth?.grown()) ?? null);
  return { first, second, graph, stretch: { before, after }, isParted, grown };
}

const everything: LastIds = { odd: Number.POSITIVE_INFINITY, even: Number.POSITIVE_INFINITY };

function whatIsMissing(
  { first, second, graph, grown, isParted }: Seen,
  requestCount: number,
): string | null {
  const notDone = requestCount - first - second;
  const missing = [
    ...(notDone > 0 ? [`${notDone} of its ${requestCount} requests`] : []),
    ...(graph === null ? ['the snapshot that names variables'] : []),
    ...(graph !== null && !isParted ? ['the second of three snapshots'] : []),
    ...(graph !== null && grown === null ? ['the sizes of collections'] : []),
  ];
  return missing.length === 0 ? null : missing.join(', ');
}

interface Heap {
  readonly graph: HeapGraph;
  readonly tree: RetentionTree;
  readonly places: SourcePlaces;
  readonly functions: readonly Suspect[];
  /** In which what is looked at was born, and in which collections grew. */
  readonly requests: { readonly born: number; readonly all: number };
}

type Held = { readonly node: number; readonly suspect: Suspect };

function heldBy(heap: Heap, stretch: Stretch): Held[] {
  return findHolders(heap.graph, heap.tree, stretch).map((holder) => ({
    node: holder.node,
    suspect: suspectOf(
      heap,
      'variable',
      holder.node,
      holder.next,
      holder.bytes / heap.requests.born,
    ),
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
  const { graph, tree, requests } = heap;
  const variables = held.map(({ suspect }) => ({ ...suspect }));
  const collections: Suspect[] = [];
  for (const { kind, sizes, element, heapId } of grown) {
    const perRequest = (sizes[2] - sizes[0]) / requests.all;
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
