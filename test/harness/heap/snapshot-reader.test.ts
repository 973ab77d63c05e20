// A snapshot reads the same however it is cut into pieces, and one that was cut off is refused.

import { getHeapSnapshot } from 'node:v8';
import { test } from 'tap';
import { heapGraphBuilder } from '../../../harness/heap/heap-graph.ts';
import { lastIdsReader } from '../../../harness/heap/last-ids.ts';
import { snapshotReader } from '../../../harness/heap/snapshot-reader.ts';
import { tinySnapshot } from '../../fixtures/tiny-snapshot.ts';

const text = tinySnapshot([
  { name: '', type: 'synthetic', id: 1, edges: [['element', 1, 1]] },
  { name: 'say "yes" \\ ]', id: 7, size: 24, edges: [['property', 'next', 2]] },
  { name: 'ü', id: 8, size: 1_000_000 },
]);

function read(pieces: Iterable<string>) {
  const builder = heapGraphBuilder();
  const reader = snapshotReader(builder);
  for (const piece of pieces) reader.write(piece);
  reader.end();
  return builder.graph();
}

test('pieces of one character give the same graph as the whole', (t) => {
  const whole = read([text]);
  t.same(read(text), whole);
  t.same([...whole.id], [1, 7, 8]);
  t.same([...whole.size], [16, 24, 1_000_000]);
  t.same([...whole.edgeTarget], [1, 2]);
  t.equal(whole.strings[whole.name[1] ?? 0], 'say "yes" \\ ]');
  t.end();
});

test('the last ids of script objects and native objects are told apart', (t) => {
  const last = lastIdsReader();
  const reader = snapshotReader(last);
  reader.write(text);
  reader.end();
  t.same(last.ids(), { odd: 7, even: 8 });
  t.end();
});

test('a snapshot that was cut off is refused with a sentence', (t) => {
  t.throws(() => read([text.slice(0, -40)]), /Cannot read the heap snapshot: it is incomplete/);
  t.throws(() => read(['']), /incomplete/);
  t.end();
});

test('the snapshot of this process agrees with JSON.parse on every reference', async (t) => {
  const pieces: string[] = [];
  for await (const piece of getHeapSnapshot().setEncoding('utf8')) pieces.push(String(piece));
  const graph = read(pieces);
  const parsed = JSON.parse(pieces.join('')) as { nodes: number[]; edges: number[] };
  t.equal(graph.nodeCount * 6, parsed.nodes.length);
  const targets = parsed.edges.filter((_, at) => at % 3 === 2).map((to) => to / 6);
  t.ok(targets.every((to, at) => graph.edgeTarget[at] === to));
});
