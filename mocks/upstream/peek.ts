// The beginning of a request, looked at and put back: enough of it to know what is asked, where it
// is small, and nothing of what is large or still being said.

import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { grpcPrefixBytes } from '../codec/grpc.ts';
import type { ApiRequest } from '../provider.ts';

/** Larger requests go through unread. */
const modestBytes = 1024 ** 2;

/** Over HTTP/1.1 it says so; HTTP/2 has other means, and nobody sends one with these methods. */
export function hasBody({ method, headers, transport }: ApiRequest): boolean {
  if (transport !== 'http1') return method !== 'GET' && method !== 'HEAD';
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

/** The whole body; undefined where it is not modest or does not say how long it is. */
export async function modestBody(
  incoming: Readable,
  headers: IncomingHttpHeaders,
): Promise<Buffer | undefined> {
  const length = Number(headers['content-length'] ?? Number.NaN);
  if (length === 0) return Buffer.alloc(0);
  if (!(length <= modestBytes)) return undefined;
  return await seen(incoming, () => length);
}

/** The first message of a gRPC call, without its prefix. */
export async function modestMessage(incoming: Readable): Promise<Buffer | undefined> {
  const bytes = await seen(incoming, (start) =>
    start.length < grpcPrefixBytes ? grpcPrefixBytes : grpcPrefixBytes + start.readUInt32BE(1),
  );
  const isCompressed = bytes?.[0] !== 0;
  return isCompressed ? undefined : bytes.subarray(grpcPrefixBytes);
}

/** Bytes up to the length that the bytes themselves tell; undefined when they end before it. */
async function seen(
  incoming: Readable,
  neededFor: (start: Buffer) => number,
): Promise<Buffer | undefined> {
  let bytes: Buffer = Buffer.alloc(0);
  let found: Buffer | undefined;
  while (found === undefined) {
    const needed = neededFor(bytes);
    if (needed > modestBytes) break;
    if (bytes.length >= needed) found = bytes.subarray(0, needed);
    else {
      const more: Buffer | null = incoming.read();
      if (more !== null) bytes = bytes.length === 0 ? more : Buffer.concat([bytes, more]);
      else if (!(await hasMore(incoming))) break;
    }
  }
  if (bytes.length > 0 && !incoming.destroyed && !incoming.readableEnded) incoming.unshift(bytes);
  return found;
}

/** False when the client has ended or left. */
function hasMore(incoming: Readable): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const settle = (isMore: boolean) => () => {
    incoming.off('readable', more).off('end', over).off('close', over);
    resolve(isMore);
  };
  const more = settle(true);
  const over = settle(false);
  if (incoming.destroyed || incoming.readableEnded) return Promise.resolve(false);
  incoming.on('readable', more).on('end', over).on('close', over);
  return promise;
}
