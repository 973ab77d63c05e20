// The shortest way from what is always alive to each object: breadth first from the global objects,
// then, for what they do not reach, from V8's own roots. Ways through compiled code and V8's hidden
// bookkeeping come last, since no reader can follow them. Weak references keep nothing alive.

import type { HeapGraph } from './heap-graph.ts';

export interface RetentionTree {
  /** Nodes in the order in which they were reached; parents come before children. */
  readonly order: Uint32Array;
  readonly reachedCount: number;
  /** By node: the node before it and the edge between, or -1. */
  readonly parent: Int32Array;
  readonly parentEdge: Int32Array;
}

export function retentionTree(graph: HeapGraph): RetentionTree {
  const { nodeCount } = graph;
  const order = new Uint32Array(nodeCount);
  const parent = new Int32Array(nodeCount).fill(-1);
  const parentEdge = new Int32Array(nodeCount).fill(-1);
  const isReached = new Uint8Array(nodeCount);
  const isObscure = obscureTypes(graph);
  const keeps = keepingEdges(graph);
  let count = 0;
  const reach = (node: number, from: number, edge: number) => {
    if (isReached[node] === 1) return;
    isReached[node] = 1;
    parent[node] = from;
    parentEdge[node] = edge;
    order[count++] = node;
  };
  const walk = (first: number, mayPass: (node: number) => boolean) => {
    for (let at = first; at < count; at++) {
      const node = order[at] ?? 0;
      if (!mayPass(node)) continue;
      for (let edge = start(graph, node); edge < start(graph, node + 1); edge++) {
        if (keeps(node, edge)) reach(graph.edgeTarget[edge] ?? 0, node, edge);
      }
    }
  };
  reach(0, -1, -1);
  const shortcut = graph.edgeTypes.indexOf('shortcut');
  for (let edge = start(graph, 0); edge < start(graph, 1); edge++) {
    if (graph.edgeType[edge] === shortcut) reach(graph.edgeTarget[edge] ?? 0, 0, edge);
  }
  walk(1, (node) => !isObscure(node));
  walk(0, () => true);
  return { order, reachedCount: count, parent, parentEdge };
}

export function start(graph: HeapGraph, node: number): number {
  return graph.firstEdge[node] ?? 0;
}

function obscureTypes({ nodeTypes, type }: HeapGraph): (node: number) => boolean {
  const obscure = nodeTypes.map((name) => /^(?:code|hidden|synthetic|object shape)$/.test(name));
  return (node) => obscure[type[node] ?? 0] === true;
}

/**
 * Of a WeakMap's pair both the key and the table point at the value. It is the key that explains
 * why the value is alive, so the table's edge does not count.
 */
function keepingEdges(graph: HeapGraph): (node: number, edge: number) => boolean {
  const weak = graph.edgeTypes.indexOf('weak');
  const shortcut = graph.edgeTypes.indexOf('shortcut');
  const internal = graph.edgeTypes.indexOf('internal');
  const isPair = graph.strings.map((text) => text.includes(' / part of key '));
  return (node, edge) => {
    const type = graph.edgeType[edge];
    if (type === weak || type === shortcut) return false;
    const name = graph.edgeName[edge] ?? 0;
    if (type !== internal || isPair[name] !== true) return true;
    const key = graph.strings[name]?.split(' -> ')[0] ?? '';
    return key.includes(`@${graph.id[node]})`);
  };
}
