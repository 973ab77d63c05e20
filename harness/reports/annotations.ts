// Workflow commands that GitHub shows beside the changed lines: one for the first variable and the
// first function of each leak, one without a place for every other scenario that did not pass.
// Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions

import { redact } from '../redact.ts';
import { leadingSuspects, type Verdict } from '../verdict.ts';
import { writeBytes } from './numbers.ts';
import type { Reporter } from './reporter.ts';
import { headline, plainText } from './wording.ts';

export const annotations: Reporter = (runs) =>
  runs
    .flatMap(({ verdict }) => commandsOf(redact(verdict)))
    .map((line) => `${line}\n`)
    .join('');

function commandsOf(verdict: Verdict): readonly string[] {
  if (verdict.outcome === 'pass') return [];
  const level = verdict.outcome === 'fail' ? 'error' : 'warning';
  const title = `leakbed: ${verdict.scenario}`;
  const [first] = headline(verdict);
  const places = verdict.outcome === 'fail' ? leadingSuspects(verdict.suspects) : [];
  if (places.length === 0) return [command(level, { title }, first)];
  return places.map(({ name, file, line, bytesPerRequest, path }) => {
    const what = path ?? `${name} allocates what is kept`;
    const size = `${writeBytes(bytesPerRequest)} per request`;
    return command(level, { file, line: `${line}`, title }, `${first} ${size}: ${what}`);
  });
}

function command(
  level: string,
  properties: Readonly<Record<string, string>>,
  text: string,
): string {
  const words = Object.entries(properties).map(([name, value]) => `${name}=${property(value)}`);
  return `::${level} ${words.join(',')}::${data(text)}`;
}

const data = (text: string) =>
  plainText(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
