// The name of a variable that an ES module exports. V8 keeps such variables in cells instead of a
// scope; the module's table of exports is a hash table of name and cell in turn.
// Source: v8 src/objects/source-text-module.h (regular_exports), module.h (exports).

import type { HeapGraph } from './heap-graph.ts';
import { start } from './retention-tree.ts';

export function isCell({ strings, name }: HeapGraph, node: number): boolean {
  return strings[name[node] ?? 0] === 'system / Cell';
}

/** Null where no table of exports names the cell: an import, or a variable of another kind. */
export function exportedName(graph: HeapGraph, cell: number): string | null {
  const string = graph.nodeTypes.indexOf('string');
  for (let node = 0; node < graph.nodeCount; node++) {
    for (let edge = start(graph, node); edge < start(graph, node + 1); edge++) {
      if (graph.edgeTarget[edge] !== cell) continue;
      const slot = Number(graph.strings[graph.edgeName[edge] ?? 0]);
      const key = Number.isInteger(slot) ? slotTarget(graph, node, String(slot - 1)) : -1;
      if (key !== -1 && graph.type[key] === string)
        return graph.strings[graph.name[key] ?? 0] ?? '';
    }
  }
  return null;
}

function slotTarget(graph: HeapGraph, node: number, slot: string): number {
  for (let edge = start(graph, node); edge < start(graph, node + 1); edge++) {
    if (graph.strings[graph.edgeName[edge] ?? 0] === slot) return graph.edgeTarget[edge] ?? -1;
  }
  return -1;
}
