// Keep-alive connections that each send a request, read its whole answer and send it again: raw
// sockets, so that the client costs a fraction of what any server does. Bytes are looked at only to
// find where an answer ends.

import { connect, type Socket } from 'node:net';
import { sleep, systemClock } from '../../../injectors/determinism.ts';
import type { ServerProcess } from './server-process.ts';

export interface Load {
  readonly connections: number;
  readonly durationMs: number;
}

export interface Rate {
  /** Answers per second that the server's threads spent on a core: what others do weighs less. */
  readonly perCpuSecond: number;
  readonly perSecond: number;
  readonly answers: number;
}

export async function loadHttp1(
  server: ServerProcess,
  request: Buffer,
  { connections, durationMs }: Load,
): Promise<Rate> {
  let answers = 0;
  const failed: Error[] = [];
  const sockets = Array.from({ length: connections }, () =>
    askAgain(
      server,
      request,
      () => {
        answers += 1;
        return true;
      },
      (error) => failed.push(error),
    ),
  );
  const startedMs = systemClock.nowMs();
  const startedCpuMs = server.cpuMs();
  await sleep(durationMs);
  const cpuMs = server.cpuMs() - startedCpuMs;
  const elapsedMs = systemClock.nowMs() - startedMs;
  const answered = answers;
  for (const socket of sockets) socket.destroy();
  const [error] = failed;
  if (error !== undefined) throw error;
  if (answered === 0) throw new Error(`${server.url} answered nothing in ${durationMs} ms.`);
  return {
    perCpuSecond: (answered / cpuMs) * 1000,
    perSecond: (answered / elapsedMs) * 1000,
    answers: answered,
  };
}

/** So many answers in all, however long they take. */
export async function askTimes(
  address: Pick<ServerProcess, 'host' | 'port'>,
  request: Buffer,
  count: number,
): Promise<void> {
  const connections = Math.min(16, count);
  await Promise.all(
    Array.from({ length: connections }, async (_, index) => {
      const own = Math.floor(count / connections) + (index < count % connections ? 1 : 0);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      let answers = 0;
      const onAnswer = () => {
        answers += 1;
        if (answers < own) return true;
        resolve();
        return false;
      };
      const socket = askAgain(address, request, onAnswer, reject);
      await promise;
      socket.destroy();
    }),
  );
}

/** Asks for as long as `onAnswer` is true. */
function askAgain(
  { host, port }: Pick<ServerProcess, 'host' | 'port'>,
  request: Buffer,
  onAnswer: () => boolean,
  onError: (error: Error) => void,
): Socket {
  const socket = connect({ host, port, noDelay: true });
  const end = answerEnd();
  socket.on('data', (bytes) => {
    try {
      if (end(bytes) && onAnswer()) socket.write(request);
    } catch (error) {
      onError(error as Error);
      socket.destroy();
    }
  });
  socket.on('error', onError);
  socket.write(request);
  return socket;
}

/**
 * True with the bytes that complete an answer; nothing may follow them. Where an answer comes in
 * chunks its last five bytes tell: `0 CR LF CR LF` cannot end it anywhere else in what is asked for
 * here.
 */
export function answerEnd(): (bytes: Buffer) => boolean {
  let head = '';
  let leftBytes: number | undefined;
  let tail = '';
  const reset = () => {
    head = '';
    leftBytes = undefined;
    tail = '';
  };
  return (bytes) => {
    let body = bytes;
    if (leftBytes === undefined) {
      head += bytes.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end === -1) return false;
      if (!head.startsWith('HTTP/1.1 200')) throw new Error(`Answered ${head.slice(0, 300)}`);
      const length = /\r\ncontent-length: *(\d+)/i.exec(head.slice(0, end))?.[1];
      leftBytes = length === undefined ? Number.POSITIVE_INFINITY : Number(length);
      body = bytes.subarray(bytes.length - (head.length - end - 4));
      head = '';
    }
    leftBytes -= body.length;
    if (leftBytes === Number.POSITIVE_INFINITY) {
      tail = `${tail}${body.toString('latin1', Math.max(0, body.length - 5))}`.slice(-5);
      if (tail !== '0\r\n\r\n') return false;
    } else if (leftBytes > 0) return false;
    reset();
    return true;
  };
}
