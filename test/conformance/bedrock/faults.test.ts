// Every fault against every client, driven by the table in fault-cells.ts.

import { test } from 'tap';
import { type ClientName, streamWith } from '../../fixtures/bedrock-clients.ts';
import { faultRows } from './fault-cells.ts';

const pieces = 6;
const pieceBytes = 24;

for (const { fault, what, cells } of faultRows) {
  for (const [name, cell] of Object.entries(cells)) {
    const client = name as ClientName;
    const { events, error, requests } = cell;
    test(`${client}, ${what}: ${error ? 'reports an error' : 'reports success'}`, async (t) => {
      const outcome = await streamWith(t, client, `chunks=${pieces} fault=${fault}`);
      const told = outcome.error && `${outcome.error.name}: ${outcome.error.message}`;
      if (error === undefined) t.equal(told, undefined);
      else t.match(told, error);
      if (typeof events === 'number') t.equal(outcome.events, events);
      else t.ok(outcome.events <= events.atMost, `${outcome.events} events`);
      t.equal(outcome.requests, requests);
      if (events === 10 || events === 11) t.equal(outcome.text.length, expectedText(fault));
    });
  }
}

function expectedText(fault: string): number {
  const huge = fault.startsWith('oversize') ? 16 * 1024 ** 2 - pieceBytes : 0;
  return pieces * pieceBytes + huge;
}
