// Verdicts for machines.

import { test } from 'tap';
import { suiteJson, verdictJson } from '../../../harness/reports/verdict-json.ts';
import { buildLeakVerdict, buildRecord, buildVerdict } from '../../fixtures/record.ts';

test('verdict.json is the verdict', async (t) => {
  t.same(JSON.parse(verdictJson(buildLeakVerdict())), buildLeakVerdict());
});

test('the suite is one document whose outcome is the worst of its runs', async (t) => {
  const clean = { verdict: buildVerdict(), record: buildRecord() };
  const leak = { verdict: buildLeakVerdict(), record: buildRecord({}, { interrupted: 'Ctrl-C.' }) };
  const suite = JSON.parse(suiteJson([clean, leak]));
  t.equal(suite.outcome, 'fail');
  t.same(
    suite.runs.map((run: { interrupted: string | null }) => run.interrupted),
    [null, 'Ctrl-C.'],
  );
  t.equal(JSON.parse(suiteJson([clean])).outcome, 'pass');
  t.equal(JSON.parse(suiteJson([])).outcome, 'inconclusive');
});

test('an API key in the command to repeat is taken out', async (t) => {
  const verdict = buildVerdict({ repeat: 'leakbed run --api-key hunter2' });
  t.notMatch(verdictJson(verdict), /hunter2/);
});
