// Sends malformed requests over a few connections at a time and says how each one ended. What must
// not happen is told in words; the callers measure the server from outside.

import { once } from 'node:events';
import { connect } from 'node:net';
import { type Rng, sleep, systemClock } from '../../../injectors/determinism.ts';
import type { Address } from '../../fixtures/raw-clients.ts';
import { type FuzzKind, type MalformedRequest, malformedRequest } from './fuzz-requests.ts';

export interface FuzzTally {
  /** How requests of each kind ended: a status, `closed`, or `unanswered`. */
  readonly endings: Map<FuzzKind, Map<string, number>>;
  /** What must not be, with the bytes that caused it; at most twenty. */
  readonly complaints: string[];
}

export const emptyTally = (): FuzzTally => ({ endings: new Map(), complaints: [] });

const lanes = 16;
/** An unfinished request is given this long before its client hangs up. */
const partialMs = 3;
/** A finished one must be answered in this time, a hung-up connection closed. */
const limitMs = 10_000;

export async function fuzz(
  address: Address,
  count: number,
  rng: Rng,
  tally: FuzzTally,
): Promise<void> {
  let index = 0;
  const lane = async () => {
    while (index < count) {
      const request = malformedRequest(rng.fork(String(index++)));
      note(tally, request, await send(address, request));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** All that the server said, and whether it closed in time. */
async function send(
  address: Address,
  { bytes, isWhole, isSlow }: MalformedRequest,
): Promise<{ readonly answer: string; readonly isClosed: boolean }> {
  const socket = connect({ ...address, allowHalfOpen: true });
  const answer: Buffer[] = [];
  const closed = new Promise<true>((resolve) => {
    socket.once('end', () => resolve(true));
    socket.once('close', () => resolve(true));
  });
  socket.on('error', () => undefined);
  socket.on('data', (data) => answer.push(data));
  await Promise.race([once(socket, 'connect').catch(() => undefined), closed]);
  const pieceBytes = isSlow ? 9 : bytes.length;
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    socket.write(bytes.subarray(start, start + pieceBytes));
    if (isSlow) await sleep(1);
  }
  if (!isWhole) {
    await Promise.race([closed, sleep(partialMs)]);
    socket.end();
  }
  const cancelled = Promise.withResolvers<false>();
  const cancel = systemClock.after(limitMs, () => cancelled.resolve(false));
  const isClosed = await Promise.race([closed, cancelled.promise]);
  cancel();
  // Not a reset: libuv refuses one while FIN is under way, and the socket would never be closed.
  socket.destroy();
  return { answer: Buffer.concat(answer).toString('latin1'), isClosed };
}

function note(
  { endings, complaints }: FuzzTally,
  { kind, bytes, isWhole }: MalformedRequest,
  { answer, isClosed }: { readonly answer: string; readonly isClosed: boolean },
): void {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
  const ending = status ?? (isClosed ? 'closed' : 'unanswered');
  const ofKind = endings.get(kind) ?? new Map<string, number>();
  endings.set(kind, ofKind.set(ending, (ofKind.get(ending) ?? 0) + 1));
  const complaint = complaintOf(answer, status, isWhole, isClosed);
  if (complaint === undefined || complaints.length >= 20) return;
  const sent = bytes.subarray(0, 400).toString('latin1');
  complaints.push(`${kind}: ${complaint}: ${JSON.stringify(sent)} -> ${answer.slice(0, 300)}`);
}

function complaintOf(
  answer: string,
  status: string | undefined,
  isWhole: boolean,
  isClosed: boolean,
): string | undefined {
  if (!isClosed) return 'neither answered nor closed';
  if (answer.includes('leakbed failed')) return 'an error of the fake itself';
  if (!isWhole) return undefined;
  if (status === undefined) return 'a whole request without an answer';
  const isModelled = /^x-amzn-errortype: /im.test(answer) || / 404 /.test(answer.slice(0, 16));
  return Number(status) >= 400 && !isModelled ? `status ${status} without a type` : undefined;
}
