// Reads a V8 heap snapshot as it arrives, piece by piece, and hands on its rows: neither the text
// nor its JSON is ever held as a whole. Snapshots grow with the heap; what is kept is the visitor's
// choice. The format is that of DevTools: flat arrays of numbers, described by `snapshot.meta`.
// Source: v8 src/profiler/heap-snapshot-generator.cc, HeapSnapshotJSONSerializer.

import {
  numberRows,
  objectText,
  type Section,
  skippedArray,
  stringRow,
} from './snapshot-sections.ts';

export interface SnapshotMeta {
  readonly nodeFields: readonly string[];
  readonly nodeTypes: readonly string[];
  readonly edgeFields: readonly string[];
  readonly edgeTypes: readonly string[];
  readonly nodeCount: number;
  readonly edgeCount: number;
}

/** Rows come as one array that is filled anew for each: copy what is to be kept. */
export interface SnapshotVisitor {
  begin(meta: SnapshotMeta): void;
  node(row: Float64Array): void;
  edge?(row: Float64Array): void;
  /** Node (as a position in the flat array of nodes), script id, line and column. */
  location?(row: Float64Array): void;
  string?(text: string): void;
}

export interface SnapshotReader {
  write(text: string): void;
  /** Throws when the snapshot was cut off or is of another kind. */
  end(): void;
}

const locationFields = 4;

export function snapshotReader(visitor: SnapshotVisitor): SnapshotReader {
  let meta: SnapshotMeta | null = null;
  let section: Section | null = null;
  let key = '';
  let inKey = false;
  const seen = new Set<string>();
  const begin = (text: string) => {
    meta = readMeta(text);
    visitor.begin(meta);
  };
  /** Between sections: takes the next key, and begins the section that follows it. */
  const between = (text: string, from: number): number => {
    for (let at = from; at < text.length; at++) {
      const letter = text[at] ?? '';
      if (letter === '"') {
        inKey = !inKey;
        if (inKey) key = '';
      } else if (inKey) key += letter;
      else if (letter === '{' && key === 'snapshot') {
        section = objectText(begin);
        return at;
      } else if (letter === '[') {
        seen.add(key);
        section = arraySection(key, visitor, meta);
        return at + 1;
      }
    }
    return text.length;
  };
  return {
    write(text) {
      for (let at = 0; at < text.length; ) {
        at = section === null ? between(text, at) : section.read(text, at);
        if (section?.isOver() === true) section = null;
      }
    },
    end() {
      if (section === null && meta !== null && seen.has('strings')) return;
      throw new Error('Cannot read the heap snapshot: it is incomplete. Did the process end?');
    },
  };
}

function arraySection(key: string, visitor: SnapshotVisitor, meta: SnapshotMeta | null): Section {
  const { node, edge, location, string } = visitor;
  if (meta === null) return skippedArray();
  if (key === 'nodes') return numberRows(meta.nodeFields.length, node);
  if (key === 'edges' && edge !== undefined) return numberRows(meta.edgeFields.length, edge);
  if (key === 'locations' && location !== undefined) return numberRows(locationFields, location);
  if (key === 'strings') return stringRow(string ?? (() => {}));
  return skippedArray();
}

function readMeta(text: string): SnapshotMeta {
  const { meta, node_count, edge_count } = JSON.parse(text) as {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly node_types: readonly (readonly string[])[];
      readonly edge_fields: readonly string[];
      readonly edge_types: readonly (readonly string[])[];
    };
    readonly node_count: number;
    readonly edge_count: number;
  };
  return {
    nodeFields: meta.node_fields,
    nodeTypes: meta.node_types[0] ?? [],
    edgeFields: meta.edge_fields,
    edgeTypes: meta.edge_types[0] ?? [],
    nodeCount: node_count,
    edgeCount: edge_count,
  };
}
