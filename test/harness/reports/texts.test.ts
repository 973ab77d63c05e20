// Markdown, TAP and annotations: complete, parsed by those who read them, and safe against what a
// gateway says.

import { test } from 'tap';
import { Parser } from 'tap-parser';
import { adviceOf } from '../../../harness/reports/advice.ts';
import { annotations } from '../../../harness/reports/annotations.ts';
import { markdownReport } from '../../../harness/reports/markdown.ts';
import { tapReport } from '../../../harness/reports/tap.ts';
import { buildLeakVerdict, buildRecord, buildVerdict } from '../../fixtures/record.ts';

const clean = { verdict: buildVerdict(), record: buildRecord() };
const leak = { verdict: buildLeakVerdict(), record: buildRecord() };
const hostile = 'a | b <img src=x> @everyone #1 `x`\n::error::owned\n## [l](http://e.vil)';

function hostileRun() {
  const verdict = buildLeakVerdict({ reason: hostile, repeat: `leakbed ${hostile}` });
  const suspects = verdict.suspects.map((suspect) => ({
    ...suspect,
    file: hostile,
    path: hostile,
  }));
  return { ...leak, verdict: { ...verdict, suspects, warnings: [hostile] } };
}

test('TAP is read by a TAP parser: a point per check, fail and inconclusive both not ok', async (t) => {
  const parsed = Parser.parse(tapReport([clean, leak]));
  const points = parsed.flatMap((event) => (event[0] === 'assert' ? [event[1]] : []));
  t.same(
    points.map(({ ok, name }) => [ok, name]),
    [
      [true, 'streaming-connections: leak'],
      [false, 'streaming-connections: leak'],
      [false, 'streaming-connections: billing-integrity'],
    ],
  );
  t.match(points[1]?.diag, { outcome: 'fail', evidence: ['slope: 1024 B/request', 'cycles: 13'] });
  t.match(points[2]?.diag, { outcome: 'inconclusive', warnings: ['ledger.sqlite is locked'] });
});

test('TAP keeps its points whatever a gateway says', async (t) => {
  const parsed = Parser.parse(tapReport([hostileRun()]));
  const points = parsed.flatMap((event) => (event[0] === 'assert' ? [event[1]] : []));
  t.equal(points.length, 2);
  t.equal(points.filter(({ ok }) => ok).length, 0);
});

test('Markdown has a row per scenario, and suspects and advice only where one did not pass', async (t) => {
  const text = markdownReport([clean, leak]);
  t.equal(text.split('\n').filter((line) => line.startsWith('| streaming')).length, 2);
  t.match(text, 'harness/subjects/reference-gateway/leaks.ts:42');
  t.match(text, adviceOf(leak.verdict)[0]?.split(' (')[0] ?? '?');
  t.notMatch(markdownReport([clean]), /###/);
});

test('Markdown lets no text of a gateway become markup, a mention or a link', async (t) => {
  const text = markdownReport([hostileRun()]);
  const [body = ''] = text.split('Repeat it:');
  t.match(body, 'a \\| b \\<img src=x\\> @\u2060everyone #\u20601');
  t.notMatch(body, /(?<!\\)<img/);
  t.notMatch(body, /@everyone|#1\b(?!;)|http:\/\//);
  t.notMatch(text, /^## \[/m);
  t.notMatch(text, /^::error/m);
});

test('an annotation stands at the line of who keeps the memory', async (t) => {
  t.match(
    annotations([leak]),
    /^::error file=harness\/subjects\/reference-gateway\/leaks.ts,line=42,title=leakbed%3A streaming-connections::Leak: .*\n$/,
  );
  t.equal(annotations([clean]), '');
});

test('an annotation stays one command whatever a gateway says', async (t) => {
  t.equal(annotations([hostileRun()]).trimEnd().split('\n').length, 1);
});

test('what is inconclusive warns, and says how to know more', async (t) => {
  const verdict = buildVerdict({ outcome: 'inconclusive', finding: 'undecided' });
  t.match(annotations([{ ...clean, verdict }]), /^::warning title=/);
  t.match(adviceOf(verdict).join(' '), '--scale ci');
  const busy = {
    ...verdict,
    warnings: ['leakbed stood in line for a processor for 38 % of its time.'],
  };
  t.match(adviceOf(busy).join(' '), 'quieter');
  t.same(adviceOf(clean.verdict), []);
});
