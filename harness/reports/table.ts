// The verdict on a terminal: a table where it fits, one block per scenario where it does not.
// Nothing is cut off; colour only when asked, and never the only carrier of meaning.

import { styleText } from 'node:util';
import { metrics } from '../series/metrics.ts';
import type { Outcome, Verdict } from '../verdict.ts';
import { whatToDo } from './advice.ts';
import { absent, writeBytes, writeMs, writeRate, writeValue } from './numbers.ts';
import type { JudgedRun, Reporter } from './reporter.ts';
import { findingWord, metricLabels, plainText, principalResource } from './wording.ts';

export interface TableOptions {
  /** Columns of the terminal. */
  readonly width?: number;
  readonly color?: boolean;
}

const titles = [
  'scenario',
  'outcome',
  'finding',
  'resource',
  'per request',
  'resolution',
  'requests',
  'p99',
] as const;

const colors = { pass: 'green', fail: 'red', inconclusive: 'yellow' } as const;

export const verdictTable: Reporter<TableOptions> = (runs, options = {}) => {
  const { width = 100, color = false } = options;
  const paint = (outcome: Outcome, text: string) =>
    color ? styleText(colors[outcome], text, { validateStream: false }) : text;
  const rows = runs.map(({ verdict }) => cellsOf(verdict));
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...rows.map((cells) => (cells[column] ?? '').length)),
  );
  const total = widths.reduce((sum, each) => sum + each + 2, 0);
  const lines =
    total <= width
      ? asTable(runs, rows, widths, paint, width)
      : runs.flatMap((run, index) => asBlock(run, rows[index] ?? [], paint, width));
  return `${lines.join('\n')}\n`;
};

function cellsOf(verdict: Verdict): string[] {
  const resource = principalResource(verdict);
  const unit = resource === null ? 'bytes' : metrics[resource.metric].unit;
  const rate = resource?.perRequest ?? verdict.retainedBytesPerRequest;
  const resolution = resource?.resolution ?? null;
  return [
    verdict.scenario,
    verdict.outcome,
    findingWord(verdict),
    verdict.resource === null ? absent : metricLabels[verdict.resource],
    writeRate(rate, unit),
    resolution === null ? absent : writeValue(resolution, unit),
    String(verdict.requests.total),
    writeMs(verdict.latency.endToEndP99Ms),
  ];
}

type Paint = (outcome: Outcome, text: string) => string;

function asTable(
  runs: readonly JudgedRun[],
  rows: readonly (readonly string[])[],
  widths: readonly number[],
  paint: Paint,
  width: number,
): string[] {
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) => cell.padEnd(widths[column] ?? 0));
  const lines = [line(titles).join('  ').trimEnd(), widths.map((w) => '-'.repeat(w)).join('  ')];
  for (const [index, { verdict, record }] of runs.entries()) {
    const cells = line(rows[index] ?? []);
    cells[1] = paint(verdict.outcome, cells[1] ?? '');
    lines.push(cells.join('  ').trimEnd(), ...remarks(verdict, record.interrupted, width));
  }
  return lines;
}

function asBlock(run: JudgedRun, cells: readonly string[], paint: Paint, width: number): string[] {
  const { verdict, record } = run;
  const figures = titles.slice(3).map((title, index) => `  ${title}: ${cells[index + 3] ?? ''}`);
  return [
    `${paint(verdict.outcome, verdict.outcome)}  ${verdict.scenario}  ${findingWord(verdict)}`,
    ...figures.filter((line) => !line.endsWith(`: ${absent}`)),
    ...remarks(verdict, record.interrupted, width),
  ];
}

/** The reason and what to do about it; what keeps the reader from trusting it, where it is so. */
function remarks(verdict: Verdict, interrupted: string | null, width: number): string[] {
  const texts = [
    ...(interrupted === null ? [] : [`Incomplete run: ${interrupted}`]),
    verdict.reason,
    ...suspectLines(verdict),
    ...whatToDo(verdict).map((advice) => `Advice: ${advice}`),
    ...verdict.warnings.map((warning) => `Warning: ${warning}`),
  ];
  return texts.flatMap((text) => wrapped(text, Math.max(20, width - 2)).map((line) => `  ${line}`));
}

/** The first function and the first that holds what it made; the report has them all. */
function suspectLines({ suspects }: Verdict): string[] {
  const allocator = suspects.find(({ kind }) => kind === 'function');
  const holder = suspects.find(({ kind }) => kind !== 'function');
  return [allocator, holder].flatMap((suspect) => {
    if (suspect === undefined) return [];
    const { name, file, line, bytesPerRequest, path } = suspect;
    const how = path === undefined ? '' : `: ${path}`;
    const size = writeBytes(bytesPerRequest);
    return [`Suspect: ${name} (${file}:${line}), ${size} per request${how}.`];
  });
}

/** A word longer than the line keeps a line of its own, so that paths can be copied. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of plainText(text).split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
