// Billing integrity of both reference gateways, by id: what was asked for, answered and written,
// over an outage of a real Postgres 15 or a locked SQLite under load, a stop and a kill while it
// lasts, and a restart. The ledger is complete, or what is missing is known to the event. An
// outage lasts OUTAGE_SECONDS, 4 unless given.

import { join } from 'node:path';
import { type Test, test } from 'tap';
import { type Answered, integritySentence, reconcile } from '../../harness/checkers/reconcile.ts';
import { readLedger } from '../../harness/subjects/ledger.ts';
import { sleep } from '../../injectors/determinism.ts';
import { startMocks } from '../../mocks/server.ts';
import { noPostgres, startPostgres } from '../fixtures/postgres.ts';
import {
  chatModels,
  type Gateway,
  noPythonPackages,
  startGateway,
  startPythonGateway,
  until,
} from '../fixtures/reference-gateway.ts';

const outageMs = Number(process.env.OUTAGE_SECONDS ?? 4) * 1000;
/** Begins every request id. */
const run = 'event';

/** A ledger whose worker can be held up: the database is stopped, or the file is locked. */
interface Held {
  readonly env: Readonly<Record<string, string>>;
  readonly url: string;
  hold(): Promise<void>;
  release(): Promise<void>;
}

const ledgers: Readonly<Record<'Postgres' | 'SQLite', (t: Test) => Promise<Held>>> = {
  async Postgres(t) {
    const postgres = await startPostgres();
    t.teardown(() => postgres[Symbol.asyncDispose]());
    return {
      env: { DATABASE_URL: postgres.url },
      url: postgres.url,
      hold: () => postgres.stop('immediate'),
      release: () => postgres.start(),
    };
  },
  async SQLite(t) {
    const file = join(t.testdir({}), 'ledger.sqlite');
    return { env: { LEDGER: file }, url: `sqlite:${file}`, ...lockOf(file) };
  },
};

/** Another process that writes and does not finish. */
function lockOf(file: string): Pick<Held, 'hold' | 'release'> {
  let other: import('node:sqlite').DatabaseSync | undefined;
  return {
    async hold() {
      const { DatabaseSync } = await import('node:sqlite');
      other = new DatabaseSync(file);
      other.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE');
    },
    async release() {
      other?.exec('ROLLBACK');
      other?.close();
    },
  };
}

async function setUp(t: Test, start: typeof startPythonGateway, kind: keyof typeof ledgers) {
  const mocks = await startMocks({ port: 0, seed: 1 });
  t.teardown(() => mocks.close());
  const ledger = await ledgers[kind](t);
  const answered: Answered[] = [];
  const refused: string[] = [];
  let asked = 0;
  return {
    ledger,
    answered,
    refused,
    async start() {
      const gateway = await start(mocks, { ...ledger.env, LOG_LEVEL: 'error' });
      t.teardown(() => gateway.kill());
      return gateway;
    },
    /** A request that is answered, or refused because the queue is full. */
    async ask(gateway: Gateway) {
      asked += 1;
      const id = `${run}-${asked}`;
      const body = {
        model: chatModels[0],
        messages: [{ role: 'user', content: '[[leakbed chunks=2]]' }],
      };
      const path = '/api/v1/chat/completions';
      const answer = await gateway.request(path, body, { 'x-request-id': id });
      const said = await answer.text();
      if (answer.status === 503 && said.includes('billing_queue_full')) {
        refused.push(id);
        return;
      }
      if (answer.status !== 200) throw new Error(`${id}: ${answer.status} ${said.slice(0, 200)}`);
      const { usage } = JSON.parse(said) as { usage: Record<string, number> };
      const tokens = {
        inputTokens: usage.prompt_tokens ?? Number.NaN,
        outputTokens: usage.completion_tokens ?? Number.NaN,
      };
      answered.push({ id, tokens });
    },
    found: async () => reconcile(answered, await readLedger(ledger, run)),
  };
}

const isDrained = async (gateway: Gateway) =>
  await until(async () => (await gateway.metric('billing_queue_depth')) === 0);

const gateways = [
  ['Node', startGateway, false],
  ['Python', startPythonGateway, await noPythonPackages()],
] as const;

for (const [name, startOne, noGateway] of gateways) {
  for (const kind of ['Postgres', 'SQLite'] as const) {
    const options = { skip: noGateway || (kind === 'Postgres' && noPostgres) };

    test(
      `${name}: ${kind} away under load: the ledger is complete afterwards`,
      options,
      async (t) => {
        const { ledger, start, ask, found, answered, refused } = await setUp(t, startOne, kind);
        const gateway = await start();
        for (let index = 0; index < 20; index += 1) await ask(gateway);
        await ledger.hold();
        const end = performance.now() + outageMs;
        while (performance.now() < end) {
          await ask(gateway);
          await sleep(50);
        }
        const depth = await gateway.metric('billing_queue_depth');
        t.ok(depth > 10, `the queue holds what is not written: ${depth}`);
        await ledger.release();
        t.ok(await isDrained(gateway));
        for (let index = 0; index < 20; index += 1) await ask(gateway);
        t.ok(await isDrained(gateway));
        const whole = await found();
        t.match(whole, { lost: [], duplicated: [], wrong: [], unasked: [] });
        t.comment(`${integritySentence(whole)} Depth ${depth}, ${refused.length} refused.`);
        t.equal(await gateway.stop(), 0);
        t.ok(answered.length > 40);
      },
    );

    test(
      `${name}: told to stop while ${kind} is away, it names what it lost`,
      options,
      async (t) => {
        const { ledger, start, ask } = await setUp(t, startOne, kind);
        const gateway = await start();
        await ask(gateway);
        t.ok(await isDrained(gateway));
        await ledger.hold();
        for (let index = 0; index < 3; index += 1) await ask(gateway);
        t.equal(await gateway.stop(), 1);
        await ledger.release();
        for (const id of [2, 3, 4]) t.match(gateway.logged(), `"${run}-${id}"`);
        t.notMatch(gateway.logged(), `"${run}-1"`);
      },
    );

    test(
      `${name}: killed while ${kind} is away: what is lost is known, the next one drains`,
      options,
      async (t) => {
        const { ledger, start, ask, found } = await setUp(t, startOne, kind);
        const gateway = await start();
        for (let index = 0; index < 10; index += 1) await ask(gateway);
        t.ok(await isDrained(gateway));
        await ledger.hold();
        for (let index = 0; index < 7; index += 1) await ask(gateway);
        gateway.kill();
        await ledger.release();
        const again = await start();
        for (let index = 0; index < 3; index += 1) await ask(again);
        t.equal(await again.stop(), 0);
        const { lost, duplicated, wrong } = await found();
        t.same(
          lost,
          Array.from({ length: 7 }, (_, index) => `${run}-${11 + index}`),
        );
        t.same([duplicated, wrong], [[], []]);
      },
    );
  }
}
