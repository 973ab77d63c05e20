// `artillery run`, installed from npm beside the packed package, drives the reference gateway with
// 200 of leakbed's virtual users and every client fault. Its own report is then laid beside what
// the fakes' journal and the gateway's ledger say of the same requests.

import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { stringify } from 'yaml';
import { readLedger } from '../../harness/subjects/ledger.ts';
import { startMocks } from '../../mocks/server.ts';
import { type Installed, installPackage } from '../fixtures/packed-package.ts';
import { startGateway, until } from '../fixtures/reference-gateway.ts';

const userCount = 200;
const engine = './node_modules/leakbed/dist/harness/artillery/engine-package';
/** Long enough that whoever leaves, leaves in the middle. */
const long = { chunks: 60, gap: '5ms' };
const left = (clientFault: string) => ({
  stream: { words: long, clientFault },
  name: clientFault.split(';')[0],
});
const mixed = [
  { stream: { provider: 'vertex', words: { chunks: 12 } }, weight: 2, name: 'mixed-stream' },
  { chat: { words: { chunks: 4 } }, weight: 1, name: 'mixed-chat' },
];

/** Each step's name, and how its requests must end. */
const outcomes: Readonly<Record<string, 'ok' | 'aborted' | 'ok or error'>> = {
  stream: 'ok',
  embeddings: 'ok',
  models: 'ok',
  'mixed-stream': 'ok',
  'mixed-chat': 'ok',
  abort: 'aborted',
  'never-read': 'aborted',
  vanish: 'aborted',
  'slow-reader': 'ok',
  // Node ends a connection whose client says that it will send no more; what it had written by
  // then may have been all.
  'half-close': 'ok or error',
  churn: 'ok',
};

const flow = [
  { stream: { words: { chunks: 12 } }, name: 'stream' },
  { embeddings: { provider: 'vertex', textCount: 2 }, name: 'embeddings' },
  { models: {}, name: 'models' },
  { loop: [{ mix: mixed }, { think: '20ms' }], count: 3 },
  left('abort;at=3'),
  left('never-read;for=12s'),
  left('vanish;at=2;for=500ms'),
  left('half-close;at=1'),
  { stream: { words: { chunks: 12 }, clientFault: 'slow-reader;pause=5ms' }, name: 'slow-reader' },
  { stream: { words: { chunks: 12 }, clientFault: 'churn' }, name: 'churn' },
];
const requestsPerUser = flow.length - 1 + 3;

interface Report {
  readonly aggregate: {
    readonly counters: Readonly<Record<string, number>>;
    readonly summaries: Readonly<Record<string, { readonly p95: number; readonly count: number }>>;
  };
}

const program = `ARTILLERY_DISABLE_TELEMETRY=true '${process.execPath}' node_modules/artillery/bin/run`;

async function drive({ folder, run }: Installed, file: string, target: string): Promise<Report> {
  const ran = await run(`${program} run ${file} --target ${target} --output report.json`, 240_000);
  if (ran.code !== 0) {
    throw new Error(`Artillery ended with ${ran.code}: ${ran.stdout}${ran.stderr}`);
  }
  return JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report;
}

const script = {
  config: {
    target: '',
    engines: { leakbed: { seed: 1 } },
    phases: [{ duration: 15, arrivalCount: userCount }],
  },
  scenarios: [{ name: 'everything', engine: 'leakbed', flow }],
};

function compare(
  t: Test,
  rows: readonly (readonly [what: string, theirs: number, ours: number])[],
) {
  for (const [what, theirs, ours] of rows) {
    t.comment(`${what.padEnd(48)} Artillery ${theirs}, here ${ours}`);
    t.equal(theirs, ours, what);
  }
}

test("Artillery's report agrees with the fakes and the ledger", async (t) => {
  t.setTimeout(600_000);
  const installed = await installPackage(t, ['artillery@2.0.34']);
  if ('reason' in installed) {
    t.pass('artillery run', { skip: installed.reason });
    return;
  }
  const added = await installed.run(`npm install --ignore-scripts --no-audit --no-fund ${engine}`);
  t.equal(added.code, 0, added.stderr);

  const mocks = await startMocks({ port: 0, seed: 1 });
  t.teardown(() => mocks.close());
  const ledger = join(t.testdir({}), 'ledger.sqlite');
  const gateway = await startGateway(mocks, { LEDGER: ledger, BILLING_QUEUE_LIMIT: '0' });
  t.teardown(() => gateway.kill());
  await writeFile(join(installed.folder, 'users.yaml'), stringify(script));
  const { counters, summaries } = (await drive(installed, 'users.yaml', gateway.url)).aggregate;
  const count = (name: string) => counters[`leakbed.${name}`] ?? 0;
  const names = Object.keys(outcomes);
  const sum = (prefix: string) => names.reduce((all, name) => all + count(`${prefix}.${name}`), 0);

  const exported = 'npx leakbed scenarios streaming-connections --artillery --phase baseline';
  t.equal((await installed.run(`${exported} > streams.yaml`)).code, 0);
  const streams = (await drive(installed, 'streams.yaml', gateway.url)).aggregate.counters;
  const streamCount = streams['leakbed.ok'] ?? 0;

  t.equal(await gateway.stop(), 0, 'the gateway ends in order, all of it billed');
  t.ok(await until(() => mocks.journal.inFlightCount === 0));
  const journal = mocks.journal.since(0);
  const billed = (await readLedger({ url: `sqlite:${ledger}`, query: allRows }, '')).length;
  const asked = userCount * requestsPerUser;
  const upstream = count('requests') - count('requests.models');
  const begun = count('codes.200') - count('ok.models');

  compare(t, [
    ['users, all of them through their flow', counters['vusers.completed'] ?? 0, userCount],
    ['users that failed', counters['vusers.failed'] ?? 0, 0],
    ['requests sent', count('requests'), asked],
    ['requests by name', sum('requests'), asked],
    ['outcomes', count('ok') + count('aborted') + count('error'), asked],
    ["streams of the scenario's phase", streamCount, 480],
    ['requests to providers, in the journal', upstream + streamCount, journal.length],
    // What is billed has begun to answer, and is no list of models.
    ['requests billed, in the ledger', begun + streamCount, billed],
    ['answers cut short', counters['errors.UND_ERR_SOCKET'] ?? 0, count('error')],
    ['clients that left', count('aborted'), 3 * userCount],
    ['complete answers timed', summaries['leakbed.response_time']?.count ?? 0, count('ok')],
  ]);
  for (const [name, outcome] of Object.entries(outcomes)) {
    const ended = outcome.split(' or ').map((each) => count(`${each}.${name}`));
    const all = ended.reduce((sum, each) => sum + each);
    t.equal(all, count(`requests.${name}`), `all of ${name} are ${outcome}`);
  }
  const operations = Map.groupBy(journal, ({ operation, ending }) => `${operation} ${ending}`);
  for (const [what, { length }] of operations) t.comment(`journal: ${what} ${length}`);
  t.comment(`ttft p95 ${summaries['leakbed.ttft']?.p95} ms`);
});

const allRows = 'SELECT request_id AS id, input_tokens, output_tokens FROM ledger';
