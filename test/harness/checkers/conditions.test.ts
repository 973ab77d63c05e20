// What is left of a judgement where the load fell behind or the machine was busy, and what is not
// touched by that.

import { test } from 'tap';
import type { Checker, Judgement } from '../../../harness/checkers/checker.ts';
import { compose } from '../../../harness/checkers/compose.ts';
import { underConditions } from '../../../harness/checkers/conditions.ts';
import type { PhaseMark } from '../../../harness/record.ts';
import type { RunContext } from '../../../harness/runner/context.ts';
import { noteLoad } from '../../../harness/runner/load-notes.ts';
import { buildRecord } from '../../fixtures/record.ts';

const restsOn = { rateOf: ['stress'], timeOf: ['stress'] };
const judgement = (change: Partial<Judgement>): Judgement => ({
  outcome: 'pass',
  reason: 'All is well.',
  evidence: [],
  warnings: [],
  restsOn,
  ...change,
});
const mark = (change: Partial<PhaseMark>): PhaseMark => ({
  name: 'stress',
  startMs: 0,
  endMs: 1000,
  ...change,
});
const behind = mark({ droppedShare: 0.2 });
const busy = mark({ waitShare: 0.7 });

test('a pass proves nothing where arrivals were dropped, and is a pass where they were not', (t) => {
  const weak = underConditions(judgement({ finding: 'clean' }), [behind]);
  t.match(weak, { outcome: 'inconclusive', finding: 'undecided' });
  t.match(weak.reason, /^All is well\. The load fell behind, 20 % of the arrivals/);
  for (const fine of [mark({}), mark({ droppedShare: 0.01 }), { ...behind, name: 'warm-up' }]) {
    t.match(underConditions(judgement({}), [fine]), { outcome: 'pass', reason: 'All is well.' });
  }
  t.end();
});

test('a fail stands under a load that fell behind: more load would not mend it', (t) => {
  t.equal(underConditions(judgement({ outcome: 'fail' }), [behind]).outcome, 'fail');
  t.end();
});

test('a fail in time is undecided on a busy machine, and a fail on a quiet one', (t) => {
  const fail = judgement({ outcome: 'fail', reason: 'Too slow.' });
  const weak = underConditions(fail, [mark({}), busy]);
  t.match(weak, { outcome: 'inconclusive', reason: /Too slow\. leakbed stood in line .* 70 %/ });
  const stolen = underConditions(fail, [mark({ stealShare: 0.3 })]);
  t.match(stolen, { outcome: 'inconclusive', reason: /hypervisor took 30 %/ });
  t.equal(underConditions(fail, [mark({ waitShare: 0.2, stealShare: 0.01 })]).outcome, 'fail');
  t.end();
});

test('who is quick on a busy machine passes, and what rests on no times is untouched', (t) => {
  t.equal(underConditions(judgement({}), [busy]).outcome, 'pass');
  const leak: Judgement = {
    outcome: 'fail',
    finding: 'leak',
    reason: 'It leaks.',
    evidence: [],
    warnings: [],
  };
  t.match(underConditions(leak, [busy, behind]), { outcome: 'fail', finding: 'leak' });
  t.end();
});

test('the verdict of a run is weakened with the judgement it rests on', (t) => {
  const checker: Checker = { name: 'pace', needs: [], check: () => judgement({}) };
  const verdict = (phases: readonly PhaseMark[]) =>
    compose(buildRecord({}, { phases }), [checker]).outcome;
  t.equal(verdict([mark({})]), 'pass');
  t.equal(verdict([behind]), 'inconclusive');
  t.end();
});

test('the runner notes in the phase which share of its arrivals was dropped', (t) => {
  const warnings: string[] = [];
  const phases = [mark({ name: 'warm-up' }), mark({})];
  const context = { phases, warn: (text: string) => warnings.push(text) } as unknown as RunContext;
  const report = { startedCount: 80, droppedCount: 20, unfinishedCount: 0 };
  noteLoad(report as Parameters<typeof noteLoad>[0], context);
  t.same(phases, [mark({ name: 'warm-up' }), mark({ droppedShare: 0.2 })]);
  t.match(warnings, [/20 of 100 arrivals were dropped/]);
  noteLoad({ ...report, droppedCount: 0 } as Parameters<typeof noteLoad>[0], context);
  t.equal(warnings.length, 1);
  t.end();
});
