// Many streams at once, one event a second each, over raw sockets: HTTP/1.1, or HTTP/2 with some
// streams on each connection. Knows when every event came, and with it how late: a stream's nth
// event is due n seconds after its first.

import { connect, type Socket } from 'node:net';
import { systemClock, within } from '../../../injectors/determinism.ts';
import { bedrockPath, converseBody, http1Request } from '../../fixtures/raw-clients.ts';
import { http2Ask, http2Frames, http2Request } from './http2-wire.ts';
import type { ServerProcess } from './server-process.ts';

export interface SlowReaders {
  /** Lateness of events since the last call, in milliseconds. */
  takeLatenessMs(): readonly number[];
  readonly errorCount: number;
  close(): void;
}

const gapMs = 1000;
/** Connections that are opened at once. */
const atOnce = 100;
const keptLateness = 200_000;
const path = bedrockPath('converse-stream');
const body = converseBody('[[leakbed chunks=100000 gap=1s]]');

/** `streamsEach`: on one connection, over HTTP/2; 0 is HTTP/1.1. Settles when all have begun. */
export async function openSlowStreams(
  server: ServerProcess,
  count: number,
  streamsEach: number,
): Promise<SlowReaders> {
  let lateness: number[] = [];
  let errorCount = 0;
  const sockets: Socket[] = [];
  const timed = () => {
    let firstMs: number | undefined;
    let events = 0;
    return () => {
      const nowMs = systemClock.nowMs();
      firstMs ??= nowMs;
      if (events > 0 && lateness.length < keptLateness) {
        lateness.push(Math.abs(nowMs - firstMs - events * gapMs));
      }
      events += 1;
    };
  };
  const onError = () => {
    errorCount += 1;
  };
  const open = async () => {
    const socket = connect({ host: server.host, port: server.port, noDelay: true });
    sockets.push(socket);
    const begun = Promise.withResolvers<void>();
    socket.on('error', onError).on('end', onError).on('error', begun.reject);
    if (streamsEach === 0) readHttp1(socket, timed(), begun.resolve);
    else readHttp2(socket, streamsEach, timed, begun.resolve);
    await within(60_000, 'A stream did not begin.', begun.promise);
  };
  const connectionCount = Math.ceil(count / Math.max(1, streamsEach));
  for (let opened = 0; opened < connectionCount; opened += atOnce) {
    const some = Math.min(atOnce, connectionCount - opened);
    await Promise.all(Array.from({ length: some }, open));
  }
  return {
    takeLatenessMs() {
      const taken = lateness;
      lateness = [];
      return taken;
    },
    get errorCount() {
      return errorCount;
    },
    close() {
      for (const socket of sockets) socket.off('end', onError).destroy();
    },
  };
}

/** At this pace every event is a read of its own; the first one brings the head and no text. */
function readHttp1(socket: Socket, onEvent: () => void, begun: () => void): void {
  let reads = 0;
  socket.on('data', () => {
    reads += 1;
    if (reads === 1) begun();
    else onEvent();
  });
  socket.write(http1Request(path, body));
}

function readHttp2(
  socket: Socket,
  streamCount: number,
  timed: () => () => void,
  begun: () => void,
): void {
  const onEvent = Array.from({ length: streamCount }, timed);
  const seen = new Uint8Array(streamCount);
  let begunCount = 0;
  const frames = http2Frames(({ stream, isData }) => {
    const index = (stream - 1) >> 1;
    if (!isData) return;
    if (seen[index] === 0) {
      seen[index] = 1;
      begunCount += 1;
      if (begunCount === streamCount) begun();
    } else onEvent[index]?.();
  });
  socket.on('data', (bytes) => frames.take(bytes));
  const later = Array.from({ length: streamCount - 1 }, (_, index) =>
    http2Request(2 * index + 3, { path, body }),
  );
  socket.write(Buffer.concat([http2Ask({ path, body }), ...later]));
}
