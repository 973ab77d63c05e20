// A heap snapshot as a graph in typed arrays: 17 bytes a node, 9 an edge, and the strings. Too
// large a heap is refused with a sentence instead of taking leakbed's own memory.

import type { SnapshotMeta, SnapshotVisitor } from './snapshot-reader.ts';

export interface HeapGraph {
  readonly nodeCount: number;
  readonly nodeTypes: readonly string[];
  readonly edgeTypes: readonly string[];
  /** By node; names are positions in `strings`. */
  readonly type: Uint8Array;
  readonly name: Uint32Array;
  readonly id: Uint32Array;
  readonly size: Uint32Array;
  /** Edges of node n are those from firstEdge[n] up to firstEdge[n + 1]. */
  readonly firstEdge: Uint32Array;
  readonly edgeType: Uint8Array;
  /** Of elements and hidden edges a number, of the others a position in `strings`. */
  readonly edgeName: Uint32Array;
  readonly edgeTarget: Uint32Array;
  readonly strings: readonly string[];
  /** Where a function is written, by node; lines and columns count from zero. */
  readonly locations: ReadonlyMap<number, { readonly line: number; readonly column: number }>;
}

/** About 1 GiB of typed arrays, for a heap of some gigabytes. */
const mostEdges = 100_000_000;

/** A visitor that fills the graph; ask for it once the snapshot was read. */
export function heapGraphBuilder(): SnapshotVisitor & { graph(): HeapGraph } {
  let built: ReturnType<typeof allocate> | null = null;
  let nodes = 0;
  let edges = 0;
  const need = () => {
    if (built === null) throw new Error('Cannot build the heap graph: no snapshot was read.');
    return built;
  };
  return {
    begin(meta) {
      if (meta.edgeCount > mostEdges) {
        throw new Error(
          `Cannot read the heap snapshot: it has ${meta.edgeCount} references, and ${mostEdges} ` +
            'is the bound. Diagnose on a smaller heap.',
        );
      }
      built = allocate(meta);
    },
    node(row) {
      const { graph, at } = need();
      graph.type[nodes] = row[at.type] ?? 0;
      graph.name[nodes] = row[at.name] ?? 0;
      graph.id[nodes] = row[at.id] ?? 0;
      graph.size[nodes] = row[at.size] ?? 0;
      graph.firstEdge[nodes + 1] = (graph.firstEdge[nodes] ?? 0) + (row[at.edgeCount] ?? 0);
      nodes++;
    },
    edge(row) {
      const { graph, at } = need();
      graph.edgeType[edges] = row[at.edgeType] ?? 0;
      graph.edgeName[edges] = row[at.edgeName] ?? 0;
      graph.edgeTarget[edges] = (row[at.edgeTarget] ?? 0) / at.nodeWidth;
      edges++;
    },
    location(row) {
      const { graph, at } = need();
      const [node = 0, , line = 0, column = 0] = row;
      graph.locations.set(node / at.nodeWidth, { line, column });
    },
    string: (text) => void need().graph.strings.push(text),
    graph: () => need().graph,
  };
}

function allocate(meta: SnapshotMeta) {
  const { nodeFields, edgeFields, nodeCount, edgeCount } = meta;
  return {
    at: {
      type: nodeFields.indexOf('type'),
      name: nodeFields.indexOf('name'),
      id: nodeFields.indexOf('id'),
      size: nodeFields.indexOf('self_size'),
      edgeCount: nodeFields.indexOf('edge_count'),
      edgeType: edgeFields.indexOf('type'),
      edgeName: edgeFields.indexOf('name_or_index'),
      edgeTarget: edgeFields.indexOf('to_node'),
      nodeWidth: nodeFields.length,
    },
    graph: {
      nodeCount,
      nodeTypes: meta.nodeTypes,
      edgeTypes: meta.edgeTypes,
      type: new Uint8Array(nodeCount),
      name: new Uint32Array(nodeCount),
      id: new Uint32Array(nodeCount),
      size: new Uint32Array(nodeCount),
      firstEdge: new Uint32Array(nodeCount + 1),
      edgeType: new Uint8Array(edgeCount),
      edgeName: new Uint32Array(edgeCount),
      edgeTarget: new Uint32Array(edgeCount),
      strings: [] as string[],
      locations: new Map<number, { line: number; column: number }>(),
    },
  };
}
