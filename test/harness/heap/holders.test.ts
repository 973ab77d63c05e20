// The variable that holds what a stretch of work left is named; what was there before, what went
// again and what only weak references reach is not held against anything.

import { test } from 'tap';
import { type HeapGraph, heapGraphBuilder } from '../../../harness/heap/heap-graph.ts';
import { nameHolder } from '../../../harness/heap/holder-name.ts';
import { countSurvivors, findHolders } from '../../../harness/heap/holders.ts';
import { retentionTree } from '../../../harness/heap/retention-tree.ts';
import { snapshotReader } from '../../../harness/heap/snapshot-reader.ts';
import { type TinyNode, tinySnapshot } from '../../fixtures/tiny-snapshot.ts';

/** Objects up to id 99 were there before the stretch, those up to 199 were born in it. */
const stretch = { before: { odd: 99, even: 98 }, after: { odd: 199, even: 198 } };

function graphOf(nodes: readonly TinyNode[]): HeapGraph {
  const builder = heapGraphBuilder();
  const reader = snapshotReader(builder);
  reader.write(tinySnapshot(nodes));
  reader.end();
  return builder.graph();
}

function namesOf(nodes: readonly TinyNode[]): string[] {
  const graph = graphOf(nodes);
  const tree = retentionTree(graph);
  return findHolders(graph, tree, stretch).map((holder) => nameHolder(graph, tree, holder).name);
}

/** A module whose scope holds what the test puts there. */
const program = (...edges: NonNullable<TinyNode['edges']>): TinyNode[] => [
  { name: '', type: 'synthetic', id: 1, edges: [['shortcut', 'global', 1]] },
  { name: 'global', id: 3, edges: [['property', 'handler', 2]] },
  { name: 'handler', type: 'closure', id: 5, edges: [['internal', 'context', 3]] },
  { name: 'system / Context', id: 7, edges },
];
const born = (id: number, size = 1000): TinyNode => ({ name: 'Object', id, size });

test('a Map whose table was made anew is named by its variable', (t) => {
  const names = namesOf([
    ...program(['context', 'requestLog', 4]),
    { name: 'Map', id: 9, edges: [['internal', 'table', 5]] },
    {
      name: '',
      type: 'array',
      id: 151,
      edges: [
        ['internal', '1', 6],
        ['internal', '2', 7],
      ],
    },
    born(153),
    born(155),
  ]);
  t.same(names, ['requestLog:Map']);
  t.end();
});

test('a variable that was given a new object is the last step of the name', (t) => {
  const names = namesOf([...program(['context', 'newest', 4]), born(153)]);
  t.same(names, ['newest:Object']);
  t.end();
});

test('properties on the way are part of the name', (t) => {
  const names = namesOf([
    ...program(['context', 'bus', 4]),
    { name: 'EventEmitter', id: 9, edges: [['property', '_events', 5]] },
    { name: 'Object', id: 11, edges: [['property', 'config', 6]] },
    { name: 'Array', id: 13, edges: [['internal', 'elements', 7]] },
    { name: '', type: 'array', id: 151, edges: [['internal', '0', 8]] },
    born(153),
  ]);
  t.same(names, ['bus._events.config:Array']);
  t.end();
});

test('a linked list is told by its first link', (t) => {
  const names = namesOf([
    ...program(['context', 'timers', 4]),
    { name: 'List', id: 9, edges: [['property', 'next', 5]] },
    { name: 'Timer', id: 11, edges: [['property', 'next', 6]] },
    { name: 'Timer', id: 13, edges: [['internal', 'kept', 7]] },
    born(153),
  ]);
  t.same(names, ['timers.next:Timer']);
  t.end();
});

test('two variables that hold half each are both named, the larger first', (t) => {
  const names = namesOf([
    ...program(['context', 'small', 4], ['context', 'large', 5]),
    { name: 'Set', id: 9, edges: [['internal', 'table', 6]] },
    { name: 'Map', id: 11, edges: [['internal', 'table', 7]] },
    born(153, 900),
    born(155, 1100),
  ]);
  t.same(names, ['large:Map', 'small:Set']);
  t.end();
});

test('lists that share the load in one Map are told as that Map', (t) => {
  const lists = [9, 10, 11, 12].map((node) => ['internal', String(node), node] as const);
  const names = namesOf([
    ...program(['context', 'byTenant', 4]),
    { name: 'Map', id: 9, edges: lists.map(([type, name], at) => [type, name, 5 + at] as const) },
    ...[11, 13, 15, 17].map((id, at) => ({
      name: 'Array',
      id,
      edges: [['element', 0, 9 + at] as const],
    })),
    ...[151, 153, 155, 157].map((id) => born(id)),
  ]);
  t.same(names, ['byTenant:Map']);
  t.end();
});

test('nothing is named for what was there before or came after the stretch', (t) => {
  const names = namesOf([
    ...program(['context', 'log', 4]),
    {
      name: 'Array',
      id: 9,
      edges: [
        ['element', 0, 5],
        ['element', 1, 6],
      ],
    },
    born(41),
    born(251),
  ]);
  t.same(names, []);
  t.end();
});

test('survivors of a class are counted, without those of before and after', (t) => {
  const graph = graphOf([
    ...program(['context', 'a', 4], ['context', 'b', 5], ['context', 'c', 6], ['weak', 'd', 7]),
    { name: 'Promise', id: 41 },
    { name: 'Promise', id: 151 },
    { name: 'Promise', id: 251 },
    { name: 'Promise', id: 153 },
  ]);
  t.equal(countSurvivors(graph, retentionTree(graph), stretch, /^Promise$/), 1);
  t.end();
});

test('a weak reference holds nothing', (t) => {
  const names = namesOf([
    ...program(['context', 'ref', 4]),
    { name: 'WeakRef', id: 9, edges: [['weak', 'target', 5]] },
    born(153),
  ]);
  t.same(names, []);
  t.end();
});
