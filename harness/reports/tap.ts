// TAP version 14: one test point per check. An inconclusive check is a plain `not ok`, because
// "could not tell" must not be taken for "is fine".
// Format: https://testanything.org/tap-version-14-specification.html

import { redact } from '../redact.ts';
import type { CheckResult } from '../verdict.ts';
import { adviceOf } from './advice.ts';
import { casesOf } from './cases.ts';
import type { Reporter } from './reporter.ts';
import { plainText } from './wording.ts';

export const tapReport: Reporter = (runs) => {
  const points = runs.flatMap((run) => {
    const verdict = redact(run.verdict);
    return casesOf({ ...run, verdict }).map((check) => ({
      scenario: verdict.scenario,
      check,
      verdict,
    }));
  });
  const lines = points.flatMap(({ scenario, check, verdict }, index) => {
    const isOk = check.outcome === 'pass';
    const advice = isOk ? [] : adviceOf(verdict);
    return [
      `${isOk ? 'ok' : 'not ok'} ${index + 1} - ${description(`${scenario}: ${check.checker}`)}`,
      ...(isOk ? [] : diagnostics(check, verdict.repeat, advice)),
    ];
  });
  return ['TAP version 14', `1..${points.length}`, ...lines, ''].join('\n');
};

/** A hash would begin a directive. */
function description(text: string): string {
  return plainText(text).replaceAll('\\', '\\\\').replaceAll('#', '\\#').replace(/\s+/g, ' ');
}

/** YAML of scalars in double quotes, as JSON writes them: a subset of YAML 1.2. */
function diagnostics(
  {
    outcome,
    reason,
    evidence,
    warnings,
  }: Pick<CheckResult, 'outcome' | 'reason' | 'evidence' | 'warnings'>,
  repeat: string,
  advice: readonly string[],
): readonly string[] {
  const text = (value: string) => JSON.stringify(plainText(value));
  const sequence = (name: string, values: readonly string[]) =>
    values.length === 0 ? [] : [`  ${name}:`, ...values.map((value) => `    - ${value}`)];
  return [
    '  ---',
    `  outcome: ${outcome}`,
    `  message: ${text(reason)}`,
    ...sequence(
      'evidence',
      evidence.map(({ label, value, unit }) =>
        text(`${label}: ${value}${unit === undefined ? '' : ` ${unit}`}`),
      ),
    ),
    ...sequence('warnings', warnings.map(text)),
    ...sequence('advice', advice.map(text)),
    `  repeat: ${text(repeat)}`,
    '  ...',
  ];
}
