// Puts a holder into the words of its program: `requestLog:Map`, `bus._events.config:Array`. The
// name begins at the variable that leads to it; where that is written is told by a function that
// sees the variable, since V8 notes places of functions only.

import { exportedName, isCell } from './exported-name.ts';
import type { HeapGraph } from './heap-graph.ts';
import { type Holder, isGlobal, isNamed } from './holders.ts';
import { type RetentionTree, start } from './retention-tree.ts';

export interface HolderName {
  /** `bus._events.config:Array`. */
  readonly name: string;
  /** The variable it begins with, or null where it hangs on something that has no name. */
  readonly variable: string | null;
  /** A function that sees the variable: its script, and where it begins, counted from zero. */
  readonly seenBy: {
    readonly name: string;
    readonly url: string;
    readonly line: number;
    readonly column: number;
  } | null;
  /** The way to it in words, from the variable's reader to what is held. */
  readonly path: string;
}

const mostParts = 8;
/** A linked list of so many links is followed to the variable that it hangs on. */
const mostSteps = 1_000_000;

export function nameHolder(graph: HeapGraph, tree: RetentionTree, holder: Holder): HolderName {
  const first = holder.next !== -1 && isNamed(graph, tree, holder.next) ? holder.next : holder.node;
  const parts: string[] = [];
  let variable: string | null = null;
  let scope = -1;
  for (let node = first, step = 0; node > 0 && step < mostSteps; step++) {
    const edge = tree.parentEdge[node] ?? -1;
    const from = tree.parent[node] ?? -1;
    if (edge === -1) break;
    const type = graph.edgeTypes[graph.edgeType[edge] ?? 0];
    const label = edgeLabel(graph, edge);
    node = from;
    if (type === 'context') {
      variable = label;
      scope = from;
      break;
    }
    if (isCell(graph, from)) {
      variable = exportedName(graph, from);
      scope = contextAbove(graph, tree, from);
      break;
    }
    if (isGlobal(graph, from)) {
      variable = `globalThis.${label}`;
      break;
    }
    // A linked list is told by its first link.
    const isFurther = type === 'property' && parts[0] === dotted(label);
    if (parts.length < mostParts && type === 'property' && !isFurther) parts.unshift(dotted(label));
    if (parts.length < mostParts && type === 'element') parts.unshift(`[${label}]`);
    // What only V8 holds is named by its class and what leads on from there.
    if (from <= 0 || isRoot(graph, from)) break;
  }
  const kind = kindOf(graph, first);
  const chain = `${variable ?? ''}${parts.join('')}`.replace(/^\./, '');
  const seenBy = scope === -1 ? null : readerOf(graph, scope);
  const name = chain === '' ? kind : `${chain}:${kind}`;
  return { name, variable, seenBy, path: words(kind, variable, parts.join(''), seenBy?.name) };
}

/** The scope of the module that the cell belongs to. */
function contextAbove(graph: HeapGraph, tree: RetentionTree, cell: number): number {
  for (let node = cell, step = 0; node > 0 && step < mostSteps; step++) {
    if (graph.strings[graph.name[node] ?? 0] === 'system / Context') return node;
    node = tree.parent[node] ?? -1;
  }
  return -1;
}

function words(kind: string, variable: string | null, rest: string, reader?: string): string {
  const article = /^[AEIOU]/i.test(kind) ? 'an' : 'a';
  const what = `${article} ${kind}`;
  const at = rest === '' ? '' : ` at ${rest.replace(/^\./, '')}`;
  if (variable === null) return `${what}${at}, held by V8 or native code`;
  if (variable.startsWith('globalThis.')) return `${what}${at} of the global ${variable}`;
  const seen = reader === undefined || reader === '' ? '' : `, which ${reader}() can see`;
  return `${what}${at}${rest === '' ? ' in' : ' of'} the variable ${variable}${seen}`;
}

function edgeLabel(graph: HeapGraph, edge: number): string {
  const type = graph.edgeTypes[graph.edgeType[edge] ?? 0];
  const name = graph.edgeName[edge] ?? 0;
  return type === 'element' || type === 'hidden' ? String(name) : (graph.strings[name] ?? '');
}

const dotted = (label: string) =>
  /^[#\w$]+$/.test(label)
    ? `.${label}`
    : `[${label.startsWith('<symbol') ? label : JSON.stringify(label)}]`;

function isRoot({ nodeTypes, type }: HeapGraph, node: number): boolean {
  return nodeTypes[type[node] ?? 0] === 'synthetic';
}

function kindOf(graph: HeapGraph, node: number): string {
  const type = graph.nodeTypes[graph.type[node] ?? 0] ?? 'object';
  const name = graph.strings[graph.name[node] ?? 0] ?? '';
  if (type === 'closure') return 'Function';
  return name === '' || name.startsWith('system /') ? type : name;
}

/** Of the functions that see the scope, the first of those that have a name. */
function readerOf(graph: HeapGraph, scope: number): HolderName['seenBy'] {
  const context = graph.strings.indexOf('context');
  const closure = graph.nodeTypes.indexOf('closure');
  let best: HolderName['seenBy'] = null;
  for (let node = 0; node < graph.nodeCount; node++) {
    if (graph.type[node] !== closure) continue;
    const place = graph.locations.get(node);
    if (place === undefined || step(graph, node, context) !== scope) continue;
    const name = graph.strings[graph.name[node] ?? 0] ?? '';
    if (best !== null && (best.name === '' ? name === '' : name === '' || place.line >= best.line))
      continue;
    const url = scriptOf(graph, node);
    if (url !== '') best = { name, url, ...place };
  }
  return best;
}

function scriptOf(graph: HeapGraph, closure: number): string {
  const shared = step(graph, closure, graph.strings.indexOf('shared'));
  const script = shared === -1 ? -1 : step(graph, shared, graph.strings.indexOf('script'));
  return script === -1 ? '' : (graph.strings[graph.name[script] ?? 0] ?? '');
}

/** Where the internal edge of this name leads, or -1. */
function step(graph: HeapGraph, node: number, name: number): number {
  const internal = graph.edgeTypes.indexOf('internal');
  for (let edge = start(graph, node); edge < start(graph, node + 1); edge++) {
    if (graph.edgeType[edge] === internal && graph.edgeName[edge] === name) {
      return graph.edgeTarget[edge] ?? -1;
    }
  }
  return -1;
}
