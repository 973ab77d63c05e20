// One cell of the tables: a client meets a fault. What came of it in a few words, and what of that
// is not as the cell says.

import type { Test } from 'tap';
import { sleep, within } from '../../../injectors/determinism.ts';
import {
  type ClientName,
  type Outcome,
  type StreamOptions,
  streamWith,
} from '../../fixtures/bedrock-clients.ts';
import type { Boto3 } from '../../fixtures/boto3-streams.ts';
import type { Cell, FaultRow } from './cell.ts';

export interface RanCell {
  /** `10 ok`, `3 ThrottlingException`, `0 TimeoutError ×3`. */
  readonly told: string;
  readonly problems: readonly string[];
}

/** Silence for so long counts as waiting; the clients' own timers are minutes away. */
const patienceMs = 400;

export async function runCell(
  t: Test,
  client: ClientName,
  { fault, timers }: FaultRow,
  cell: Cell,
  boto3?: Boto3,
): Promise<RanCell> {
  const options = { ...(timers && { timers }), ...(boto3 && { boto3 }) };
  const stream = (more: StreamOptions = {}) =>
    streamWith(t, client, `chunks=6 fault=${fault}`, { ...options, ...more });
  return cell.hangs ? await runSilence(stream, cell) : checked(await stream(), cell);
}

function checked(outcome: Outcome, cell: Cell): RanCell {
  const { events, error, finish, requests } = outcome;
  const message = error && `${error.name}: ${error.message}`;
  const name = error === undefined ? 'ok' : nameOf(error);
  const again = requests > 1 ? ` ×${requests}` : '';
  const isExpected =
    cell.error === undefined ? message === undefined : cell.error.test(message ?? '');
  const isCounted =
    typeof cell.events === 'number' ? events === cell.events : events <= cell.events.atMost;
  const problems = [
    ...(isExpected ? [] : [`told ${message ?? 'success'}, expected ${cell.error ?? 'success'}`]),
    ...(isCounted ? [] : [`${events} events, expected ${JSON.stringify(cell.events)}`]),
    ...(finish === cell.finish ? [] : [`finished with ${finish}, expected ${cell.finish}`]),
    ...(requests === cell.requests ? [] : [`${requests} requests, expected ${cell.requests}`]),
  ];
  return { told: `${events} ${finish === 'other' ? 'other' : name}${again}`, problems };
}

/** The error's own name; where that says nothing, the beginning of what it says. */
function nameOf({ name, message }: { readonly name: string; readonly message: string }): string {
  return name === 'Error' ? message.split(' ').slice(0, 2).join(' ') : name;
}

async function runSilence(
  stream: (more: StreamOptions) => Promise<Outcome>,
  cell: Cell,
): Promise<RanCell> {
  const controller = new AbortController();
  const running = stream({ signal: controller.signal });
  const silent = sleep(patienceMs).then(() => undefined);
  const early = await Promise.race([running, silent]);
  controller.abort();
  const { events, requests } = await within(5000, 'The abort is not heard.', running);
  const problems = [
    ...(early === undefined ? [] : [`ended with ${early.error?.message ?? 'success'}`]),
    ...(events === cell.events ? [] : [`${events} events, expected ${cell.events}`]),
    ...(requests === cell.requests ? [] : [`${requests} requests, expected ${cell.requests}`]),
  ];
  return { told: `${events} waits`, problems };
}
