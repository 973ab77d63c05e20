// Every fault against every client, boto3 among them, and what each made of it as one table.

import { type Test, t, test } from 'tap';
import { streamAi } from '../../fixtures/bedrock-ai-sdk.ts';
import { type ClientName, clientNames, mocksFor } from '../../fixtures/bedrock-clients.ts';
import { type Boto3, startBoto3 } from '../../fixtures/boto3-streams.ts';
import { beforeHeadRows } from './before-head-cells.ts';
import { brokenStreamRows } from './broken-stream-cells.ts';
import type { FaultRow } from './cell.ts';
import { errorRows } from './error-cells.ts';
import { inBandRows, largeRows } from './in-band-cells.ts';
import { runCell } from './run-cell.ts';
import { timerRows } from './timer-cells.ts';

const limitMs = 600_000;

type TableRow = Readonly<Partial<Record<ClientName, string>>>;

const rows: readonly FaultRow[] = [
  ...inBandRows,
  ...largeRows,
  ...brokenStreamRows,
  ...timerRows,
  ...beforeHeadRows,
];

t.setTimeout(limitMs);

test('every client does what its cell says', { timeout: limitMs }, async (t) => {
  const boto3 = await startBoto3();
  if (typeof boto3 === 'string') await t.test('boto3', { skip: boto3 }, async () => undefined);
  else t.teardown(() => boto3.stop());
  const table: (readonly [fault: string, row: TableRow])[] = [];
  for (const row of rows) {
    await t.test(`${row.what} (${row.fault})`, async (t) => {
      table.push([row.fault, await runRow(t, row, typeof boto3 === 'string' ? undefined : boto3)]);
    });
  }
  for (const line of linesOf(table)) t.comment(line);
});

async function runRow(t: Test, row: FaultRow, boto3: Boto3 | undefined): Promise<TableRow> {
  const told: Partial<Record<ClientName, string>> = {};
  for (const [name, cell] of Object.entries(row.cells)) {
    const client = name as ClientName;
    if (client === 'boto3' && boto3 === undefined) continue;
    const ran = await runCell(t, client, row, cell, boto3);
    told[client] = ran.told;
    t.same(ran.problems, [], client);
  }
  return told;
}

test('the AI SDK, left to its own rule, asks as often as its cell says', async (t) => {
  const asked = errorRows.map(async ({ name, exception, aiRequests }) => {
    const mocks = await mocksFor(t);
    const prompt = `[[leakbed fault=error;name=${name}]]`;
    t.match(await errorOf(streamAi(mocks, prompt, { retries: 2 })), Error, exception);
    t.equal(mocks.journal.since(0).length, aiRequests, exception);
  });
  await Promise.all(asked);
});

async function errorOf(steps: AsyncIterable<unknown>): Promise<unknown> {
  try {
    for await (const _step of steps);
    return undefined;
  } catch (error) {
    return error;
  }
}

const widths = { fault: 54, cell: 30 };

function linesOf(table: readonly (readonly [string, TableRow])[]): readonly string[] {
  const line = (first: string, cells: readonly string[]) =>
    [first.padEnd(widths.fault), ...cells.map((cell) => cell.padEnd(widths.cell))].join(' ').trim();
  return [
    'How many events came, and what the client called it; - where it cannot be seen there.',
    line('fault', clientNames),
    ...table.map(([fault, row]) =>
      line(
        fault,
        clientNames.map((client) => (row[client] ?? '-').slice(0, widths.cell)),
      ),
    ),
  ];
}
