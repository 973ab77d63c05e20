// What the runs of the corpus amount to: leaks found and missed, innocents accused, and how long
// each stage took. In: rows of test/bench/real-apps.ts; out: text, and whether the bars are met.

import { quantile } from '../../harness/stats/quantile.ts';
import { type CorpusLeak, corpusLeaks, kindsOf } from './corpus.ts';
import type { RealAppResult } from './real-app.ts';
import { upperLimit } from './synthetic/binomial.ts';

export interface CorpusRow extends RealAppResult {
  readonly file: string;
  readonly node: string;
  readonly round: number;
  readonly seed: number;
  /** What was run. */
  readonly commit: string;
}

export const rowKey = ({ file, node, round }: Pick<CorpusRow, 'file' | 'node' | 'round'>) =>
  `${file}@${node}#${round}`;

const leaks = new Map(corpusLeaks.map((leak) => [leak.file, leak]));

export function isFound({ finding, leaking }: RealAppResult, { channels }: CorpusLeak): boolean {
  return finding === 'leak' && channels.some((channel) => leaking.includes(channel));
}

/** The kinds of requests that set it off were named, and no other; growth with time was told so. */
export function isCauseRight({ kinds, reason }: RealAppResult, { trigger }: CorpusLeak): boolean {
  const expected = kindsOf[trigger];
  if (expected === null) return kinds === null && reason.includes('with time');
  return kinds?.join() === expected.join();
}

/** Which requests fill a collection is not asked where only its elements were seen to grow. */
export const isCauseAsked = ({ leaking }: RealAppResult) => leaking[0] !== 'elementCount';

/** Per cent that the rate is off, where it is known. */
export function rateError({ perRequest }: RealAppResult, { rate }: CorpusLeak): number | null {
  if (rate === undefined || perRequest === null) return null;
  return 100 * Math.abs(perRequest / rate - 1);
}

export function corpusTable(rows: readonly CorpusRow[]): {
  readonly text: string;
  readonly isMet: boolean;
} {
  const ofLeaks = rows.flatMap((row) => {
    const leak = leaks.get(row.file);
    return leak === undefined ? [] : [{ row, leak }];
  });
  const clean = rows.filter(({ file }) => !leaks.has(file));
  const missed = ofLeaks.filter(({ row, leak }) => !isFound(row, leak));
  const asked = ofLeaks.filter(({ row, leak }) => isFound(row, leak) && isCauseAsked(row));
  const wrong = asked.filter(({ row, leak }) => !isCauseRight(row, leak));
  const accused = clean.filter(({ finding }) => finding === 'leak');
  const undecided = clean.filter(({ finding }) => finding === 'undecided');
  const errors = ofLeaks.flatMap(({ row, leak }) => rateError(row, leak) ?? []);
  const found = ofLeaks.length - missed.length;
  const limit = (100 * upperLimit(accused.length, clean.length)).toFixed(2);
  const limitOfMisses = (100 * upperLimit(missed.length, ofLeaks.length)).toFixed(2);
  const name = ({ file, node, finding }: CorpusRow) => `${file} on ${node}: ${finding}`;
  const lines = [
    ...nodesIn(rows).map((node) => nodeLine(node, rows)),
    `leaks found        ${found} of ${ofLeaks.length} (missed: at most ${limitOfMisses} %, 95 %)`,
    `cause right        ${asked.length - wrong.length} of ${asked.length}`,
    `false alarms       ${accused.length} of ${clean.length} (at most ${limit} %, 95 %)`,
    `undecided          ${undecided.length} of ${clean.length} clean runs`,
    `rate off by        ${figure(errors, 0.5)} / ${figure(errors, 1)} % (median, worst of ${errors.length})`,
    ...times(ofLeaks.map(({ row }) => row)),
    `verdict, clean     ${seconds(clean.map(({ verdictSeconds }) => verdictSeconds))}`,
    `requests/s         ${figure(
      rows.map(({ requestsPerSecond }) => requestsPerSecond),
      0.5,
    )} (median)`,
    `commits            ${[...new Set(rows.map(({ commit }) => commit))].join(', ')}`,
    ...missed.map(({ row }) => `MISSED  ${name(row)}`),
    ...wrong.map(({ row }) => `CAUSE   ${name(row)}: ${row.kinds}; ${row.reason}`),
    ...accused.map((row) => `ALARM   ${name(row)}: ${row.reason}`),
    ...undecided.map((row) => `OPEN    ${name(row)}: ${row.reason}`),
  ];
  return { text: lines.join('\n'), isMet: missed.length + accused.length === 0 };
}

function nodesIn(rows: readonly CorpusRow[]): readonly string[] {
  return [...new Set(rows.map(({ node }) => node))].toSorted();
}

function nodeLine(node: string, rows: readonly CorpusRow[]): string {
  const own = rows.filter((row) => row.node === node);
  const ofLeaks = own.filter(({ file }) => leaks.has(file));
  const found = ofLeaks.filter((row) => {
    const leak = leaks.get(row.file);
    return leak !== undefined && isFound(row, leak);
  });
  const clean = own.filter(({ file }) => !leaks.has(file));
  const accused = clean.filter(({ finding }) => finding === 'leak');
  return (
    `Node ${node}            ${found.length} of ${ofLeaks.length} leaks found, ` +
    `${accused.length} of ${clean.length} clean runs accused`
  );
}

function times(rows: readonly CorpusRow[]): readonly string[] {
  const found = rows.filter(({ finding }) => finding === 'leak');
  return [
    `growth             ${seconds(found.flatMap(({ growthSeconds }) => growthSeconds ?? []))}`,
    `sustained          ${seconds(found.flatMap(({ sustainedSeconds }) => sustainedSeconds ?? []))}`,
    `verdict, leaks     ${seconds(found.map(({ verdictSeconds }) => verdictSeconds))}`,
  ];
}

const seconds = (values: readonly number[]) =>
  `${figure(values, 0.5)} / ${figure(values, 0.95)} s (p50, p95 of ${values.length})`;

const figure = (values: readonly number[], share: number) => quantile(values, share)?.toFixed(1);
