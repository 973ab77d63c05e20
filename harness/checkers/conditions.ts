// Under which conditions was it measured? A pass proves nothing where less was asked than planned,
// and a verdict of times proves nothing on a machine that gave no time: both become inconclusive.
// The other two stand: who fails under less load would fail under more, and who is quick enough on
// a busy machine is quick enough.

import type { PhaseMark } from '../record.ts';
import type { Judgement } from './checker.ts';

/** Of the planned arrivals; a few are lost to a pause of any process. */
const mostDropped = 0.02;
/** Above these a time is the machine's; the runner warns from lower ones on. */
const mostSteal = 0.1;
const mostWait = 0.5;

export function underConditions(judgement: Judgement, phases: readonly PhaseMark[]): Judgement {
  const { outcome, restsOn = {} } = judgement;
  const marksOf = (names: readonly string[] = []) =>
    phases.filter(({ name }) => names.includes(name));
  if (outcome === 'pass') {
    const dropped = highest(marksOf(restsOn.rateOf).map(({ droppedShare }) => droppedShare));
    if (dropped <= mostDropped) return judgement;
    return weakened(
      judgement,
      `The load fell behind, ${percent(dropped)} of the arrivals found no place, so less was ` +
        'asked than planned. Give it a lower rate or a faster machine.',
    );
  }
  const marks = marksOf(outcome === 'fail' ? restsOn.timeOf : []);
  const steal = highest(marks.map(({ stealShare }) => stealShare));
  const wait = highest(marks.map(({ waitShare }) => waitShare));
  if (steal <= mostSteal && wait <= mostWait) return judgement;
  const cause =
    steal > mostSteal
      ? `The hypervisor took ${percent(steal)} of the machine's time`
      : `leakbed stood in line for a processor for ${percent(wait)} of its time`;
  return weakened(judgement, `${cause}, so this may be the machine. Repeat it on a quiet one.`);
}

function weakened(judgement: Judgement, why: string): Judgement {
  const { finding, reason } = judgement;
  return {
    ...judgement,
    outcome: 'inconclusive',
    reason: `${reason} ${why}`,
    ...(finding !== undefined && { finding: 'undecided' as const }),
  };
}

function highest(shares: readonly (number | undefined)[]): number {
  return shares.reduce((most: number, share = 0) => Math.max(most, share), 0);
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
