// Verdicts for machines, held against their published schema by Ajv.

import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { test } from 'tap';
import { compose } from '../../../harness/checkers/compose.ts';
import { verdictJson } from '../../../harness/reports/verdict-json.ts';
import { scenarios } from '../../../harness/scenarios/index.ts';
import {
  buildFinding,
  buildLeakVerdict,
  buildRecord,
  buildVerdict,
} from '../../fixtures/record.ts';

const file = new URL('../../../harness/reports/verdict.schema.json', import.meta.url);
const schema = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(file, 'utf8')),
);
const problemsOf = (text: string) => (schema(JSON.parse(text)) ? [] : schema.errors);

test('verdict.json is the verdict', async (t) => {
  t.same(JSON.parse(verdictJson(buildLeakVerdict())), buildLeakVerdict());
});

test('what every scenario makes of a record follows the schema', async (t) => {
  for (const { id, checkers } of scenarios) {
    for (const heapBytesPerRequest of [0, 4096]) {
      const record = buildRecord({ heapBytesPerRequest });
      t.same(problemsOf(verdictJson(compose(record, checkers('smoke')))), [], id);
    }
  }
});

test('an open interval and an interrupted run follow the schema', async (t) => {
  const open = { estimate: 1, low: 0, high: Number.POSITIVE_INFINITY, confidence: 0.99 };
  const verdict = buildVerdict({
    outcome: 'inconclusive',
    resources: [buildFinding({ perRequest: open, resolution: null })],
    recovery: null,
    retainedBytesPerRequest: null,
  });
  t.same(problemsOf(verdictJson(verdict)), []);
});

test('the schema refuses what is no verdict', async (t) => {
  const { outcome: _, ...torn } = buildVerdict();
  t.not(problemsOf(JSON.stringify(torn))?.length, 0);
  t.not(problemsOf(JSON.stringify({ ...buildVerdict(), outcome: 'fine' }))?.length, 0);
  t.not(problemsOf(JSON.stringify({ ...buildVerdict(), added: 1 }))?.length, 0);
});

test('an API key in the command to repeat is taken out', async (t) => {
  const verdict = buildVerdict({ repeat: 'leakbed run --api-key hunter2' });
  t.notMatch(verdictJson(verdict), /hunter2/);
});
