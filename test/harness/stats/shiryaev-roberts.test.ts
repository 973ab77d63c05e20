import { test } from 'tap';
import { conformalMartingale } from '../../../harness/stats/conformal.ts';
import { changeDetector } from '../../../harness/stats/shiryaev-roberts.ts';
import { seededRng } from '../../../injectors/determinism.ts';

/** Evidence after each value, compared as plain numbers. */
function watch(values: readonly number[], size = 48): readonly number[] {
  const detector = changeDetector(size);
  let kept: number[] = [];
  return values.map((value) => {
    kept = [...kept, value].slice(-size);
    detector.add((position) => {
      const earlier = kept[position] ?? value;
      return earlier > value ? 1 : earlier === value ? 0.5 : 0;
    });
    return detector.evidence;
  });
}

const noise = (seed: number, count: number) => {
  const rng = seededRng(seed);
  return Array.from({ length: count }, () => rng.next());
};

test('it is the sum of the martingales that begin with each value', async (t) => {
  const values = noise(1, 12);
  const sum = values.reduce((total, _, from) => {
    return total + (conformalMartingale(values.slice(from))?.at(-1) ?? 0);
  }, 0);
  t.ok(Math.abs((watch(values).at(-1) ?? 0) - sum) < 1e-9 * sum);
});

test('a rise after any stretch of noise passes a million within thirty values', async (t) => {
  for (const before of [0, 5, 40, 200]) {
    const rise = Array.from({ length: 30 }, (_, nth) => 2 + nth);
    const evidence = watch([...noise(before + 1, before), ...rise]);
    t.ok((evidence.at(-1) ?? 0) > 1e6, `after ${before}: ${evidence.at(-1)}`);
  }
});

test('values in any order reach c within N values in N/c of all series at most', async (t) => {
  const [series, length, threshold] = [300, 200, 2000];
  const reached = Array.from({ length: series }, (_, seed) =>
    watch(noise(1000 + seed, length)).some((evidence) => evidence >= threshold),
  ).filter(Boolean).length;
  // 30 are promised at most; the bound leaves room for chance.
  t.ok(reached <= 45, `${reached} of ${series}`);
});

test('a fall is no rise', async (t) => {
  const fall = Array.from({ length: 60 }, (_, nth) => -nth);
  t.ok(Math.max(...watch(fall)) < 10);
});

test('what is forgotten counts no longer', async (t) => {
  const detector = changeDetector(48);
  for (let nth = 0; nth < 30; nth++) detector.add(() => 0);
  t.ok(detector.evidence > 1e6);
  detector.keep(10);
  t.equal(detector.evidence, 10);
  t.equal(detector.count, 10);
});

test('it holds the same however much it is told', async (t) => {
  const detector = changeDetector(48);
  for (let nth = 0; nth < 10_000; nth++) detector.add(() => 0);
  t.equal(detector.count, 48);
  t.ok(Number.isFinite(detector.evidence));
});
