// Which object holds what a stretch of work left behind: of all objects born in that stretch and
// still alive later, the ways to them are laid together, and the deepest object on most of them
// that was there before is the holder. Where the ways part early, each large part has its own.

import type { HeapGraph } from './heap-graph.ts';
import { isThere, type LastIds } from './last-ids.ts';
import { type RetentionTree, start } from './retention-tree.ts';

export interface Holder {
  readonly node: number;
  /** The next object on the way to most of what it holds, or -1 where the ways part. */
  readonly next: number;
  /** Of the objects born in the stretch that it holds. */
  readonly bytes: number;
}

export interface Stretch {
  readonly before: LastIds;
  readonly after: LastIds;
}

/** Share of the survivors' bytes whose way must lead over the holder. */
const sharedBy = 0.6;
const worthNaming = 0.1;
const mostHolders = 5;

export function findHolders(graph: HeapGraph, tree: RetentionTree, stretch: Stretch): Holder[] {
  const bytes = survivingBytes(graph, tree, stretch);
  const total = bytes[0] ?? 0;
  const found: Holder[] = [];
  const children = (node: number): number[] => {
    const list: number[] = [];
    for (let edge = start(graph, node); edge < start(graph, node + 1); edge++) {
      const child = graph.edgeTarget[edge] ?? 0;
      if (tree.parentEdge[child] === edge) list.push(child);
    }
    return list;
  };
  const descend = (from: number) => {
    const enough = (bytes[from] ?? 0) * sharedBy;
    let [node, holder] = [from, -1];
    for (;;) {
      if (isHolder(graph, node, stretch)) holder = node;
      const next = children(node).find((child) => (bytes[child] ?? 0) >= enough);
      if (next === undefined) break;
      node = next;
    }
    // At an object that was there before and is no container, each large part is a finding of its
    // own; without a holder, all is held by V8's roots, and the parts are looked at in any case.
    const isParting = holder === -1 || isThere(graph.id[node] ?? 0, stretch.before);
    const parts = children(node).filter(
      (child) =>
        (bytes[child] ?? 0) >= total * worthNaming &&
        (holder === -1 || isNamed(graph, tree, child)),
    );
    if (holder !== -1 && !(isParting && parts.length > 1)) {
      const next = children(holder).find((child) => (bytes[child] ?? 0) >= enough) ?? -1;
      found.push({ node: holder, next, bytes: bytes[holder] ?? 0 });
      return;
    }
    for (const part of parts) if (found.length < mostHolders) descend(part);
  };
  if (total > 0) descend(0);
  return found.sort((a, b) => b.bytes - a.bytes);
}

/** How many objects of a class were born in the stretch and are still reached later. */
export function countSurvivors(
  graph: HeapGraph,
  tree: RetentionTree,
  stretch: Stretch,
  className: RegExp,
): number {
  const object = graph.nodeTypes.indexOf('object');
  let count = 0;
  for (let node = 0; node < graph.nodeCount; node++) {
    if (graph.type[node] !== object || tree.parentEdge[node] === -1) continue;
    if (!isSurvivor(graph.id[node] ?? 0, stretch)) continue;
    if (className.test(graph.strings[graph.name[node] ?? 0] ?? '')) count++;
  }
  return count;
}

const isSurvivor = (id: number, { before, after }: Stretch) =>
  !isThere(id, before) && isThere(id, after);

function survivingBytes(graph: HeapGraph, tree: RetentionTree, stretch: Stretch): Float64Array {
  const bytes = new Float64Array(graph.nodeCount);
  const counts = graph.nodeTypes.map((name) => !/^(?:code|hidden|object shape)$/.test(name));
  for (let at = tree.reachedCount - 1; at >= 0; at--) {
    const node = tree.order[at] ?? 0;
    const id = graph.id[node] ?? 0;
    if (isSurvivor(id, stretch) && counts[graph.type[node] ?? 0] === true) {
      bytes[node] = (bytes[node] ?? 0) + (graph.size[node] ?? 0);
    }
    const parent = tree.parent[node] ?? -1;
    if (parent !== -1) bytes[parent] = (bytes[parent] ?? 0) + (bytes[node] ?? 0);
  }
  return bytes;
}

/** Whether the program has a word for the last step to the node: a variable or a property. */
export function isNamed(graph: HeapGraph, tree: RetentionTree, node: number): boolean {
  const edge = tree.parentEdge[node] ?? -1;
  if (edge === -1) return false;
  return /^(?:context|property)$/.test(graph.edgeTypes[graph.edgeType[edge] ?? 0] ?? '');
}

/** An object of the program that was there before; roots and global objects say nothing. */
function isHolder(graph: HeapGraph, node: number, { before }: Stretch): boolean {
  const type = graph.nodeTypes[graph.type[node] ?? 0] ?? '';
  if (!isThere(graph.id[node] ?? 0, before)) return false;
  return /^(?:object|closure|native)$/.test(type) && !isGlobal(graph, node);
}

export function isGlobal(graph: HeapGraph, node: number): boolean {
  return /^(?:global|Window|system \/ NativeContext)\b/.test(
    graph.strings[graph.name[node] ?? 0] ?? '',
  );
}
