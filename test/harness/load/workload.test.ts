import { test } from 'tap';
import { directive, prompt } from '../../../harness/load/directive.ts';
import { mix } from '../../../harness/load/workload.ts';
import { type Rng, seededRng } from '../../../injectors/determinism.ts';

const arm = (name: string, weight: number) => ({
  name,
  weight,
  make: (rng: Rng, seq: number) => ({
    kind: 'embeddings' as const,
    model: name,
    input: `${seq} ${rng.integer(0, 1_000_000)}`,
  }),
});

test('arms come in the proportion of their weights', async (t) => {
  const workload = mix([arm('half', 2), arm('quarter', 1), arm('other', 1)], seededRng(7));
  const counts = new Map<string, number>();
  for (let seq = 0; seq < 8000; seq++) {
    const name = workload(seq).arm;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  // Four standard deviations of a binomial with n = 8000: 179 at one half, 155 at a quarter.
  t.ok(Math.abs((counts.get('half') ?? 0) - 4000) < 179, `half: ${counts.get('half')}`);
  t.ok(Math.abs((counts.get('quarter') ?? 0) - 2000) < 155, `quarter: ${counts.get('quarter')}`);
});

test('request n depends on the seed and n alone, not on the order of asking', async (t) => {
  const forwards = mix([arm('a', 1), arm('b', 1)], seededRng(3));
  const backwards = mix([arm('a', 1), arm('b', 1)], seededRng(3));
  const seqs = [0, 1, 2, 3, 4, 5, 6, 7];
  const expected = seqs.map((seq) => forwards(seq));
  t.same(seqs.toReversed().map(backwards).toReversed(), expected);
  const otherSeed = mix([arm('a', 1), arm('b', 1)], seededRng(4));
  t.not(JSON.stringify(seqs.map(otherSeed)), JSON.stringify(expected));
});

test('a mix names everything that is wrong with its arms', async (t) => {
  t.throws(() => mix([], seededRng(1)), /no arms/);
  const wrong = () => mix([arm('a', 0), arm('a', 1), arm('b', Number.NaN)], seededRng(1));
  t.throws(wrong, /"a" twice[\s\S]*"a" weight 0[\s\S]*"b" weight NaN/);
});

test('a directive is written as the providers read it', async (t) => {
  t.equal(
    directive({ chunks: 40, gap: '2ms', fault: ['slow;gap=5ms', 'truncate;at=3'] }),
    '[[leakbed chunks=40 gap=2ms fault=slow;gap=5ms fault=truncate;at=3]]',
  );
  t.equal(prompt('Why?', { chunks: 1 }), 'Why? [[leakbed chunks=1]]');
});

test('a directive word that would break the directive is refused', async (t) => {
  for (const value of ['', 'a b', 'x]]', 'line\nbreak']) {
    t.throws(() => directive({ text: value }), /Cannot write directive word text/);
  }
});
