// JUnit XML for CI systems: one suite per scenario, one case per checker. A fail is a `failure`, an
// inconclusive an `error`, because CI must not take "could not tell" for "is fine".
// Format: https://github.com/testmoapp/junitxml and windyroad/JUnit-Schema (XSD).

import { redact } from '../redact.ts';
import type { Evidence, Outcome } from '../verdict.ts';
import { type Case, casesOf } from './cases.ts';
import { writeNumber } from './numbers.ts';
import { durationMs, type JudgedRun, type Reporter } from './reporter.ts';
import { plainText, verdictSentence } from './wording.ts';

export const junitReport: Reporter = (runs) => {
  const suites = runs.map((run) => ({ run, cases: casesOf(run) }));
  const all = suites.flatMap(({ cases }) => cases);
  const seconds = runs.reduce((sum, { record }) => sum + durationMs(record) / 1000, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="leakbed" ${counts(all)} time="${seconds.toFixed(3)}">`,
    ...suites.flatMap(({ run, cases }) => suite(run, cases)),
    '</testsuites>',
    '',
  ].join('\n');
};

function suite({ verdict, record }: JudgedRun, cases: readonly Case[]): string[] {
  const seconds = (durationMs(record) / 1000).toFixed(3);
  const { startedAt, seed, scale, command } = redact(record.header);
  const properties = { seed, scale, command, finding: verdict.finding };
  return [
    `  <testsuite name="${xml(verdict.scenario)}" ${counts(cases)} time="${seconds}" ` +
      `timestamp="${xml(startedAt.slice(0, 19))}">`,
    '    <properties>',
    ...Object.entries(properties).map(
      ([name, value]) => `      <property name="${name}" value="${xml(String(value))}"/>`,
    ),
    '    </properties>',
    ...cases.flatMap((each) => testCase(verdict.scenario, each)),
    `    <system-out>${xml(systemOut({ verdict, record }))}</system-out>`,
    '  </testsuite>',
  ];
}

const elements: Readonly<Record<Outcome, string | null>> = {
  pass: null,
  fail: 'failure',
  inconclusive: 'error',
};

function testCase(scenario: string, check: Case): string[] {
  const open = `    <testcase classname="${xml(scenario)}" name="${xml(check.checker)}"`;
  const element = elements[check.outcome];
  if (element === null) return [`${open}/>`];
  const details = [
    ...check.evidence.map(evidenceLine),
    ...check.warnings.map((warning) => `warning: ${warning}`),
  ].join('\n');
  return [
    `${open}>`,
    `      <${element} type="${check.outcome}" message="${xml(check.reason)}">` +
      `${xml(details)}</${element}>`,
    '    </testcase>',
  ];
}

function systemOut({ verdict, record }: JudgedRun): string {
  return redact([
    verdictSentence(verdict),
    ...(record.interrupted === null ? [] : [`Incomplete run: ${record.interrupted}`]),
    ...verdict.warnings.map((warning) => `Warning: ${warning}`),
    `Repeat: ${verdict.repeat}`,
  ]).join('\n');
}

function evidenceLine({ label, value, unit }: Evidence): string {
  const figure = typeof value === 'number' ? writeNumber(value) : value;
  return `${label}: ${figure}${unit === undefined ? '' : ` ${unit}`}`;
}

function counts(cases: readonly Case[]): string {
  const failures = cases.filter((each) => each.outcome === 'fail').length;
  const errors = cases.filter((each) => each.outcome === 'inconclusive').length;
  return `tests="${cases.length}" failures="${failures}" errors="${errors}"`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

function xml(text: string): string {
  return plainText(text).replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
