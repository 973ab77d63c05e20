// Runs a table of cells: every fault against every client that it names.

import { type Test, test } from 'tap';
import { sleep, within } from '../../../injectors/determinism.ts';
import { type ClientName, streamWith } from '../../fixtures/bedrock-clients.ts';
import type { Cell, FaultRow } from './cell.ts';

/** Silence for so long counts as waiting; the clients' own timers are minutes away. */
const patienceMs = 400;

export function checkCells(rows: readonly FaultRow[]): void {
  for (const { fault, what, cells } of rows) {
    for (const [name, cell] of Object.entries(cells)) {
      const client = name as ClientName;
      const { hangs, error } = cell;
      const outcome = hangs ? 'goes on waiting' : `reports ${error ? 'an error' : 'success'}`;
      test(`${client}, ${what} (${fault}): ${outcome}`, async (t) => {
        await (hangs ? checkSilence : checkOutcome)(t, client, fault, cell);
      });
    }
  }
}

async function checkOutcome(t: Test, client: ClientName, fault: string, cell: Cell) {
  const { events, error, finish, requests } = cell;
  const outcome = await streamWith(t, client, `chunks=6 fault=${fault}`);
  const told = outcome.error && `${outcome.error.name}: ${outcome.error.message}`;
  if (error === undefined) t.equal(told, undefined);
  else t.match(told, error);
  if (typeof events === 'number') t.equal(outcome.events, events);
  else t.ok(outcome.events <= events.atMost, `${outcome.events} events`);
  t.equal(outcome.finish, finish);
  t.equal(outcome.requests, requests);
}

async function checkSilence(t: Test, client: ClientName, fault: string, cell: Cell) {
  const controller = new AbortController();
  const running = streamWith(t, client, `chunks=6 fault=${fault}`, {}, controller.signal);
  const silent = sleep(patienceMs).then(() => 'still waiting');
  t.equal(await Promise.race([running.then(() => 'over'), silent]), 'still waiting');
  controller.abort();
  const { events, requests } = await within(5000, 'The abort is not heard.', running);
  t.same([events, requests], [cell.events, cell.requests]);
}
