// Which resource is named first.

import { test } from 'tap';
import { rankResources } from '../../../harness/checkers/rank-resources.ts';
import type { MetricName } from '../../../harness/series/metrics.ts';
import type { Finding } from '../../../harness/verdict.ts';
import { buildFinding } from '../../fixtures/record.ts';

const resource = (metric: MetricName, estimate: number, finding: Finding = 'leak') =>
  buildFinding({
    metric,
    finding,
    perRequest: { estimate, low: estimate, high: estimate, confidence: 0.99 },
  });
const names = (...resources: Parameters<typeof rankResources>[0]) =>
  rankResources(resources).map(({ metric }) => metric);

test('a Buffer leak is external memory, though the heap shows a little', (t) => {
  t.same(names(resource('heapBytes', 50), resource('externalBytes', 1024)), [
    'externalBytes',
    'heapBytes',
  ]);
  t.end();
});

test('a leaking socket comes before its descriptor, its handle and its bytes', (t) => {
  const ranked = names(
    resource('heapBytes', 20_000),
    resource('fdCount', 0.041),
    resource('handleCount', 0.04),
    resource('socketCount', 0.04),
  );
  t.same(ranked, ['socketCount', 'fdCount', 'handleCount', 'heapBytes']);
  t.end();
});

test('timers that leak faster than sockets are named before them', (t) => {
  const ranked = names(resource('socketCount', 0.03), resource('handleCount', 1));
  t.equal(ranked[0], 'handleCount');
  t.end();
});

test('handles that leak too rarely to explain the bytes come after them', (t) => {
  t.equal(names(resource('socketCount', 0.006), resource('heapBytes', 300))[0], 'heapBytes');
  t.end();
});

test('resident memory is named only when nothing else leaks', (t) => {
  t.equal(names(resource('anonBytes', 5000), resource('heapBytes', 900))[0], 'heapBytes');
  t.equal(names(resource('anonBytes', 5000), resource('heapBytes', 0, 'clean'))[0], 'anonBytes');
  t.end();
});

test('what leaks precedes what is undecided, bounded and clean', (t) => {
  const ranked = names(
    resource('heapBytes', 9, 'clean'),
    resource('externalBytes', 5000, 'bounded'),
    resource('nativeBytes', 800, 'undecided'),
    resource('anonBytes', 600, 'leak'),
  );
  t.same(ranked, ['anonBytes', 'nativeBytes', 'externalBytes', 'heapBytes']);
  t.end();
});
