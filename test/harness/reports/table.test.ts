// The terminal's verdict: literal, so that a change of wording is a decision.

import { stripVTControlCharacters } from 'node:util';
import { test } from 'tap';
import { verdictTable } from '../../../harness/reports/table.ts';
import { buildLeakVerdict, buildRecord, buildVerdict } from '../../fixtures/record.ts';

const clean = { verdict: buildVerdict(), record: buildRecord() };
const leak = {
  verdict: buildLeakVerdict({ scenario: 'billing-queue', warnings: ['The load was starved.'] }),
  record: buildRecord({}, { interrupted: 'Ctrl-C.' }),
};

test('a wide terminal gets one row per scenario with the reason below it', async (t) => {
  t.equal(
    verdictTable([clean, leak], { width: 140 }),
    `\
scenario               outcome  finding  resource            per request              resolution  requests  p99
---------------------  -------  -------  ------------------  -----------------------  ----------  --------  ------
streaming-connections  pass     clean    -                   0.4 B [-3.1, 4.2]        24 B        7900      132 ms
  No resource grows with work.
billing-queue          fail     leak     live heap after GC  1024 B [1023.1, 1025.6]  24 B        7900      132 ms
  Incomplete run: Ctrl-C.
  The heap after collection grows by 1024 B with each request, and keeps doing so.
  Suspect: remember (harness/subjects/reference-gateway/leaks.ts:42), 1011 B per request.
  Advice: Look for a collection that only grows (a Map, an array, a cache without a bound), for listeners that are added per request to
  something that lives longer, and for closures held by timers.
  Warning: The load was starved.
`,
  );
});

test('a narrow terminal gets blocks, nothing is cut off and no line is too long', async (t) => {
  const text = verdictTable([leak], { width: 48 });
  t.equal(
    text,
    `\
fail  billing-queue  leak
  resource: live heap after GC
  per request: 1024 B [1023.1, 1025.6]
  resolution: 24 B
  requests: 7900
  p99: 132 ms
  Incomplete run: Ctrl-C.
  The heap after collection grows by 1024 B with
  each request, and keeps doing so.
  Suspect: remember
  (harness/subjects/reference-gateway/leaks.ts:42),
  1011 B per request.
  Advice: Look for a collection that only grows
  (a Map, an array, a cache without a bound),
  for listeners that are added per request to
  something that lives longer, and for closures
  held by timers.
  Warning: The load was starved.
`,
  );
});

test('colour is an addition: without it the same text remains', async (t) => {
  const painted = verdictTable([clean, leak], { width: 140, color: true });
  t.match(painted, '\u001b[31mfail');
  t.match(painted, '\u001b[32mpass');
  t.equal(stripVTControlCharacters(painted), verdictTable([clean, leak], { width: 140 }));
});

test('a gateway cannot move the cursor through an error text', async (t) => {
  const verdict = buildVerdict({ reason: 'Gateway said \u001b[2J\u0007\rall is well\u202e.' });
  const text = verdictTable([{ verdict, record: buildRecord() }], { width: 140 });
  t.notMatch(text, /[^\P{C}\n]/u);
  t.match(text, /Gateway said/);
});

test('what was not measured is a dash, never a zero', async (t) => {
  const verdict = buildVerdict({
    outcome: 'inconclusive',
    finding: 'undecided',
    retainedBytesPerRequest: null,
    resources: [],
    latency: { ttftP50Ms: null, ttftP99Ms: null, endToEndP50Ms: null, endToEndP99Ms: null },
  });
  const [, , row] = verdictTable([{ verdict, record: buildRecord() }]).split('\n');
  t.match(row, /inconclusive {2}- +- +- +- +7900 +-$/);
});
