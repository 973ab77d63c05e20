// JUnit XML, literal: CI systems parse it, so its shape is a contract.

import { test } from 'tap';
import { junitReport } from '../../../harness/reports/junit.ts';
import { buildLeakVerdict, buildRecord, buildVerdict } from '../../fixtures/record.ts';

const clean = { verdict: buildVerdict(), record: buildRecord() };

test('a fail is a failure, an inconclusive an error, a pass an empty case', async (t) => {
  const leak = {
    verdict: buildLeakVerdict({ scenario: 'billing-queue' }),
    record: buildRecord({ durationMs: 20_000 }, { requests: [] }),
  };
  t.equal(
    junitReport([clean, leak]),
    `\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="leakbed" tests="3" failures="1" errors="1" time="60.000">
  <testsuite name="streaming-connections" tests="1" failures="0" errors="0" time="40.000" timestamp="2026-01-02T03:04:05">
    <properties>
      <property name="seed" value="7"/>
      <property name="scale" value="smoke"/>
      <property name="command" value="leakbed run streaming-connections --seed 7"/>
      <property name="finding" value="clean"/>
    </properties>
    <testcase classname="streaming-connections" name="leak"/>
    <system-out>Clean: nothing grows with work; a leak of 24 B per request would have been seen (live heap after GC).
Repeat: leakbed run streaming-connections --seed 7</system-out>
  </testsuite>
  <testsuite name="billing-queue" tests="2" failures="1" errors="1" time="20.000" timestamp="2026-01-02T03:04:05">
    <properties>
      <property name="seed" value="7"/>
      <property name="scale" value="smoke"/>
      <property name="command" value="leakbed run streaming-connections --seed 7"/>
      <property name="finding" value="leak"/>
    </properties>
    <testcase classname="billing-queue" name="leak">
      <failure type="fail" message="The heap after collection grows by 1024 B with each request, and keeps doing so.">slope: 1024 B/request
cycles: 13</failure>
    </testcase>
    <testcase classname="billing-queue" name="billing-integrity">
      <error type="inconclusive" message="The ledger could not be read.">warning: ledger.sqlite is locked</error>
    </testcase>
    <system-out>Leak: live heap after GC grows by 1024 B [1023.1, 1025.6] (99 % interval) with each request and does not come back.
Repeat: leakbed run streaming-connections --seed 7</system-out>
  </testsuite>
</testsuites>
`,
  );
});

test('a verdict that no check accounts for gets a case of its own', async (t) => {
  const verdict = buildVerdict({ outcome: 'inconclusive', reason: 'Too few requests.' });
  const record = buildRecord({}, { interrupted: 'Ctrl-C.' });
  const xml = junitReport([{ verdict, record }]);
  t.match(xml, 'tests="2" failures="0" errors="1"');
  t.match(
    xml,
    'name="verdict">\n      <error type="inconclusive" message="Too few requests. Ctrl-C."',
  );
});

test('texts from outside cannot break the document', async (t) => {
  const hostile = `</failure>&<"'\u0000\u001b[31m\ud800`;
  const verdict = buildLeakVerdict({
    scenario: hostile,
    reason: hostile,
    checks: [
      { checker: hostile, outcome: 'fail', reason: hostile, evidence: [], warnings: [hostile] },
    ],
  });
  const xml = junitReport([{ verdict, record: buildRecord() }]);
  t.match(xml, '&lt;/failure&gt;&amp;&lt;&quot;');
  t.equal(xml.split('</failure>').length, 2, 'only the one real end tag');
  t.notMatch(xml, /[^\P{C}\n]/u, 'no character that XML 1.0 forbids');
});
