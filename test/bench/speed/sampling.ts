// What looking at a gateway from outside costs it: every probe that needs nothing but /proc, ten
// times a second, beside a load, against the same load alone.

import { allProbes } from '../../../harness/probes/index.ts';
import { quantile } from '../../../harness/stats/quantile.ts';
import { startChildProcess } from '../../../harness/subjects/child-process.ts';
import { leakyAppPath } from '../../fixtures/leaky-subject.ts';
import type { Bench } from './bench.ts';
import { cores, pin } from './cores.ts';
import { probedPairs, probedStretch } from './probed-load.ts';

const sampleEveryMs = 100;
const bar = { atMost: 1.03 } as const;

export const sampling: Bench = {
  name: 'sampling',
  what: 'probes from outside at 10 Hz: p99 and CPU time of their target, in pairs',
  isQuick: false,
  async *run({ scale, note }) {
    const pairs = scale === 'quick' ? 10 : 40;
    const outside = allProbes().filter(({ needs }) => needs.join() === 'procfs');
    await using subject = await startChildProcess({
      name: 'a target',
      command: [process.execPath, leakyAppPath],
    });
    if (subject.pid !== null) pin(subject.pid, cores.subject);
    await probedStretch(subject, [], { seconds: 2, sampleEveryMs });
    const load = { seconds: 1.5, sampleEveryMs, pairs };
    const chance = await probedPairs(subject, [], load);
    const { p99, cpu } = await probedPairs(subject, outside, load);
    note(outside.map(({ name }) => name).join(', '));
    const share = (of: number) => quantile(chance.p99, of)?.toFixed(3);
    note(`by chance alone: ${share(0.5)} [${share(0.25)}, ${share(0.75)}]`);
    const baseline = 'the same load alone';
    yield { name: 'p99 of the target', unit: '×', baseline, bar, samples: p99 };
    yield { name: 'CPU time of a request', unit: '×', baseline, bar, samples: cpu };
  },
};
