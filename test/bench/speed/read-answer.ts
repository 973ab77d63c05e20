// One answer, read as fast as it comes into one buffer: what it took on the wall and on the
// server's core. Its bytes are counted and its end is looked for, no more.

import { connect } from 'node:net';
import { systemClock, within } from '../../../injectors/determinism.ts';
import type { ServerProcess } from './server-process.ts';

export interface ReadAnswer {
  readonly bytes: number;
  readonly elapsedMs: number;
  readonly cpuMs: number;
}

const patienceMs = 120_000;

export async function readAnswer(
  server: ServerProcess,
  request: Buffer,
  isEnd: (bytes: Buffer) => boolean,
): Promise<ReadAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const startedMs = systemClock.nowMs();
  const startedCpuMs = server.cpuMs();
  let readBytes = 0;
  const onData = (length: number, buffer: Uint8Array) => {
    readBytes += length;
    try {
      if (isEnd(Buffer.from(buffer.buffer, buffer.byteOffset, length))) resolve(readBytes);
    } catch (error) {
      reject(error);
    }
    return true;
  };
  const socket = connect({
    host: server.host,
    port: server.port,
    onread: { buffer: Buffer.alloc(262_144), callback: onData },
  });
  socket.on('error', reject).on('end', () => reject(new Error(`Only ${readBytes} bytes came.`)));
  socket.write(request);
  try {
    const bytes = await within(patienceMs, `Only ${readBytes} bytes came.`, promise);
    const elapsedMs = systemClock.nowMs() - startedMs;
    return { bytes, elapsedMs, cpuMs: server.cpuMs() - startedCpuMs };
  } finally {
    socket.destroy();
  }
}
