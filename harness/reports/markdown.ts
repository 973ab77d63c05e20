// The verdicts as Markdown for a pull request: a table, and below it what a reviewer needs of each
// scenario that did not pass. Texts from gateways are escaped: no link, no markup, no mention.

import { redact } from '../redact.ts';
import { metrics } from '../series/metrics.ts';
import type { Outcome, Verdict } from '../verdict.ts';
import { adviceOf } from './advice.ts';
import { absent, writeBytes, writeRate, writeValue } from './numbers.ts';
import type { JudgedRun, Reporter } from './reporter.ts';
import { findingWord, headline, metricLabels, plainText, principalResource } from './wording.ts';

const marks: Readonly<Record<Outcome, string>> = { pass: '✅', fail: '❌', inconclusive: '⚠️' };

export const markdownReport: Reporter = (runs) => {
  const safe = runs.map(({ verdict, record }) => ({ verdict: redact(verdict), record }));
  return [
    '## leakbed: does the gateway leak?',
    '',
    '| scenario | outcome | finding | kept per request | smallest leak seen | requests |',
    '| --- | --- | --- | --- | --- | --- |',
    ...safe.map(({ verdict }) => row(verdict)),
    '',
    ...safe.flatMap(details),
  ].join('\n');
};

function row(verdict: Verdict): string {
  const resource = principalResource(verdict);
  const unit = resource === null ? 'bytes' : metrics[resource.metric].unit;
  const resolution = resource?.resolution ?? null;
  const rate = writeRate(resource?.perRequest ?? verdict.retainedBytesPerRequest, unit);
  const cells = [
    escaped(verdict.scenario),
    `${marks[verdict.outcome]} ${verdict.outcome}`,
    findingWord(verdict),
    verdict.resource === null ? rate : `${rate} (${metricLabels[verdict.resource]})`,
    resolution === null ? absent : writeValue(resolution, unit),
    String(verdict.requests.total),
  ];
  return `| ${cells.join(' | ')} |`;
}

function details({ verdict, record }: JudgedRun): readonly string[] {
  if (verdict.outcome === 'pass' && verdict.warnings.length === 0) return [];
  const [first, second] = headline(verdict);
  const cut = record.interrupted === null ? [] : [`Incomplete run: ${escaped(record.interrupted)}`];
  return [
    `### ${marks[verdict.outcome]} ${escaped(verdict.scenario)}`,
    '',
    ...[...cut, escaped(first), escaped(second)].filter(Boolean).flatMap((text) => [text, '']),
    ...list(verdict.suspects.map(suspectLine)),
    ...list(adviceOf(verdict).map(escaped)),
    ...folded('Warnings', verdict.warnings.map(escaped)),
    'Repeat it:',
    '',
    `    ${plainText(verdict.repeat).replaceAll('\n', ' ')}`,
    '',
  ];
}

function suspectLine({ name, file, line, bytesPerRequest, path }: Verdict['suspects'][number]) {
  const how = path === undefined ? 'allocated there' : escaped(path);
  return `**${escaped(name)}**, ${escaped(`${file}:${line}`)}: ${writeBytes(bytesPerRequest)} per request, ${how}`;
}

function list(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [...lines.map((line) => `- ${line}`), ''];
}

function folded(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  return [
    '<details>',
    `<summary>${lines.length} ${title}</summary>`,
    '',
    ...list(lines),
    '</details>',
    '',
  ];
}

/** A zero-width joiner after @ and # keeps people and issues from being named. */
function escaped(text: string): string {
  return plainText(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]<>|~]/g, '\\$&')
    .replace(/([@#])(?=\w)/g, '$1\u2060')
    .replace(/(https?):\/\//g, '$1&#58;//');
}
