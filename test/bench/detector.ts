// The leaderboard of leak detectors: the leak experiment and the rules of other tools on the same
// synthetic series, with seeds that nothing was tuned on.
//   node test/bench/detector.ts [--per-cell 60] [--seeds heldOut|tuning] [--errors]
// 200 cells of shape and noise, 60 seeds each, are 12,000 series. Exit code 1 when a bar is missed.
// The reduced form is test/gallery/synthetic/leaderboard.slow.ts.

import { parseArgs } from 'node:util';
import { scales } from '../../harness/scenario.ts';
import { median } from '../../harness/stats/median.ts';
import { systemClock } from '../../injectors/determinism.ts';
import { leaderboard } from '../gallery/synthetic/leaderboard.ts';
import { firstSeed, type SeedSet } from '../gallery/synthetic/score.ts';

const { values } = parseArgs({
  options: {
    'per-cell': { type: 'string', default: '60' },
    seeds: { type: 'string', default: 'heldOut' },
    errors: { type: 'boolean', default: false },
    scale: { type: 'string', default: 'ci' },
    only: { type: 'string', default: '' },
  },
});

const seeds = Object.keys(firstSeed).find((name) => name === values.seeds) as SeedSet | undefined;
if (seeds === undefined)
  throw new RangeError(`Cannot use seeds "${values.seeds}": heldOut or tuning.`);
const scale = scales.find((name) => name === values.scale);
if (scale === undefined) throw new RangeError(`Cannot use scale "${values.scale}".`);
const startedMs = systemClock.nowMs();
const board = leaderboard({
  perCell: Number(values['per-cell']),
  seeds,
  scale,
  only: values.only,
  onError: (text) => values.errors && process.stdout.write(`${text}\n`),
});
const seconds = (systemClock.nowMs() - startedMs) / 1000;

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
const row = (cells: readonly string[]) =>
  process.stdout.write(`${cells.map((cell, i) => cell.padEnd(i === 0 ? 18 : 22)).join('')}\n`);

const { experiment, others } = board.scores;
row(['rule', 'leaks found', 'innocents accused', 'upper 95 % limit']);
for (const score of [experiment, ...others]) {
  row([
    score.name,
    `${percent(score.found / score.leaks)} of ${score.leaks}`,
    `${percent(score.accused / score.innocents)} of ${score.innocents}`,
    percent(board.upperLimitOf(score)),
  ]);
}
const { visible, visibleFound, acquitted, endless, endlessAccused } = experiment;
const { cyclesOfLeaks, cyclesOfInnocents } = experiment;
process.stdout.write(`
leakbed: of ${visible} leaks above the printed resolution ${percent(visibleFound / visible)} found
  ${percent(acquitted / experiment.leaks)} of all leaks acquitted, the others undecided
  a cache larger than the run is called a leak in ${endlessAccused} of ${endless} (not counted above)
  median cycles: ${median(cyclesOfLeaks)} for leaks, ${median(cyclesOfInnocents)} for innocents
${seeds} seeds from ${firstSeed[seeds]}, ${board.cellCount} cells, ${seconds.toFixed(0)} s
`);
for (const bar of board.bars()) {
  process.stdout.write(`bar: ${bar.text}: ${bar.isMet ? 'met' : 'MISSED'}\n`);
  if (!bar.isMet) process.exitCode = 1;
}
