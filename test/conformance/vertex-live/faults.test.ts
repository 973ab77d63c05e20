// live.connect of two majors of @google/genai under every fault, as the tables say. What does not
// happen is established by what did: the server's journal and the client's own events.

import { test } from 'tap';
import { parseFaultWords } from '../../../injectors/plan.ts';
import type { JournalEntry } from '../../../mocks/journal.ts';
import { type Mocks, startMocks } from '../../../mocks/server.ts';
import {
  type LiveAccount,
  liveSession,
  type Major,
  settle,
  until,
} from '../../fixtures/live-clients.ts';
import { beyondWsLimit, openingCells, turnCells, unsettled } from './fault-cells.ts';

const majors = [2, 3] as const;

for (const major of majors) {
  test(`live.connect of @google/genai ${major} before the first turn`, async (t) => {
    const mocks = await startMocks({ port: 0, seed: 1 });
    t.teardown(() => mocks.close());
    for (const { fault, operation, ...cells } of openingCells) {
      const wanted = major === 2 ? cells.genai2 : cells.genai3;
      t.test(`${operation} under ${fault} is ${wanted}`, async (t) => {
        mocks.plan.set({ faults: [{ ...parseFaultWords(fault), match: { operation } }] });
        const before = mocks.journal.lastSequence;
        const account = liveSession(mocks, major);
        const rows = () => mocks.journal.since(before);
        await until('the fault acted', () => hasActed(rows(), operation, account));
        await settle();
        const { connected = unsettled } = account;
        t.equal(connected.slice(0, wanted.length), wanted);
        account.session?.close();
      });
    }
  });

  test(`a turn of @google/genai ${major}`, async (t) => {
    const mocks = await startMocks({ port: 0, seed: 1 });
    t.teardown(() => mocks.close());
    for (const cell of [...turnCells, beyondWsLimit]) {
      t.test(`under ${cell.fault} ends as: ${cell.outcome}`, async (t) => {
        t.equal(await turnOutcome(mocks, major, cell.fault, cell.outcome), cell.outcome);
      });
    }
  });
}

/** The client knows, or the server has done all that it will do. */
function hasActed(rows: readonly JournalEntry[], operation: string, account: LiveAccount): boolean {
  if (account.connected !== undefined || account.closed !== undefined) return true;
  const row = rows.find((entry) => entry.operation === operation);
  return row !== undefined && row.injected.length > 0 && !row.injected[0]?.startsWith('stall');
}

async function turnOutcome(
  mocks: Mocks,
  major: Major,
  fault: string,
  wanted: string,
): Promise<string> {
  const account = liveSession(mocks, major);
  await until('the session is open', () => account.connected !== undefined);
  account.messages.length = 0;
  const before = mocks.journal.lastSequence;
  const text = `hi [[leakbed chunks=5 fault=${fault}]]`;
  account.session?.sendClientContent({ turns: [{ role: 'user', parts: [{ text }] }] });
  const turn = () => mocks.journal.since(before).find(({ operation }) => operation === 'LiveTurn');
  const isSilent = () => /^(hang|stall)/.test(turn()?.injected[0] ?? '');
  await until('the turn is over', () => turn()?.ending != null || isSilent());
  if (wanted.includes('closed')) await until('a close event', () => account.closed !== undefined);
  // What was written before the end is on its way; more than it would be found out below.
  const count = Number.parseInt(wanted, 10);
  await until(`${count} messages came`, () => account.messages.length >= count);
  await settle();
  const closed = account.closed === undefined ? 'open' : `closed ${account.closed}`;
  account.session?.close();
  return `${account.messages.length}, ${closed}${account.errors > 0 ? ', error' : ''}`;
}
