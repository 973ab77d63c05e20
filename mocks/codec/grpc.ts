// gRPC message framing in both directions: one flag byte, a four-byte big-endian length, the
// message, which a client may compress. Status and trailers belong to the transport.
// Source: grpc/doc/PROTOCOL-HTTP2.md, Length-Prefixed-Message; grpc/doc/compression.md.

import type { IncomingHttpHeaders } from 'node:http';
import { gunzipSync, inflateSync } from 'node:zlib';
import type { FrameLabel, Region } from '../../injectors/stream.ts';
import { type EncodedFrame, ProviderError } from '../provider.ts';

export const grpcPrefixBytes = 5;
/** 64 MiB of payload and room for what is around it. */
export const grpcMessageLimitBytes = 65 * 1024 * 1024;

/** Fills in the prefix of `bytes`, whose first five were left free: no second copy is made. */
export function grpcFrame(label: FrameLabel, bytes: Buffer): EncodedFrame {
  bytes.writeUInt8(0, 0);
  bytes.writeUInt32BE(bytes.length - grpcPrefixBytes, 1);
  return {
    bytes,
    label,
    regions: grpcRegions(bytes.length),
  };
}

export function grpcRegions(totalBytes: number): Readonly<Record<string, Region>> {
  return { flag: [0, 1], length: [1, 5], payload: [grpcPrefixBytes, totalBytes] };
}

const decoders = { gzip: gunzipSync, deflate: inflateSync } as const;
/** What the header grpc-accept-encoding tells clients. */
export const grpcEncodings = ['identity', ...Object.keys(decoders)].join(',');

/** How a call's compressed messages are to be read. */
export function encodingOf(headers: IncomingHttpHeaders): string {
  return String(headers['grpc-encoding'] ?? 'identity');
}

export interface GrpcUnframer {
  /** Takes what the network gave; returns the messages that are now whole. */
  push(chunk: Buffer): readonly Buffer[];
  /** Call when the peer has ended its side; throws if it ended inside a message. */
  end(): void;
}

/**
 * Unframes a request. It never holds more than one message of `maxBytes` and one chunk; room grows
 * by doubling, so neither a length that is a lie nor a message sent byte by byte costs more, and a
 * compressed message is refused where it would become larger.
 */
export function grpcUnframer(maxBytes: number, encoding = 'identity'): GrpcUnframer {
  let store = Buffer.alloc(0);
  let heldBytes = 0;
  let neededBytes = grpcPrefixBytes;
  const append = (chunk: Buffer): void => {
    if (heldBytes + chunk.length > store.length) {
      const grown = Buffer.allocUnsafe(2 * (heldBytes + chunk.length));
      store.copy(grown, 0, 0, heldBytes);
      store = grown;
    }
    chunk.copy(store, heldBytes);
    heldBytes += chunk.length;
  };
  return {
    push(chunk) {
      const isFresh = heldBytes === 0;
      if (!isFresh) append(chunk);
      let rest = isFresh ? chunk : store.subarray(0, heldBytes);
      const messages: Buffer[] = [];
      while (rest.length >= grpcPrefixBytes) {
        const decode = decoderOf(rest.readUInt8(0), encoding, maxBytes);
        neededBytes = grpcPrefixBytes + messageBytes(rest, maxBytes);
        if (rest.length < neededBytes) break;
        messages.push(decode(rest.subarray(grpcPrefixBytes, neededBytes)));
        rest = rest.subarray(neededBytes);
        neededBytes = grpcPrefixBytes;
      }
      // Messages are views, so what is left over moves to a store of its own.
      if (isFresh || messages.length > 0) {
        store = Buffer.from(rest);
        heldBytes = rest.length;
      }
      return messages;
    },
    end() {
      if (heldBytes === 0) return;
      throw new ProviderError(
        'INTERNAL',
        `Cannot read the request: it ended after ${heldBytes} of ${neededBytes} bytes. ` +
          'Send it whole.',
      );
    },
  };
}

/** Statuses and texts of what cannot be decoded are those of grpc-go. */
function decoderOf(flag: number, encoding: string, maxBytes: number): (bytes: Buffer) => Buffer {
  if (flag === 0) return (bytes) => bytes;
  if (flag !== 1) {
    throw new ProviderError('INTERNAL', `grpc: received unexpected payload format ${flag}`);
  }
  if (encoding === 'identity') {
    const problem = 'grpc: compressed flag set with identity or empty encoding';
    throw new ProviderError('INTERNAL', problem);
  }
  if (encoding !== 'gzip' && encoding !== 'deflate') {
    const problem = `grpc: Decompressor is not installed for grpc-encoding "${encoding}"`;
    throw new ProviderError('UNIMPLEMENTED', problem);
  }
  return (bytes) => {
    try {
      return decoders[encoding](bytes, { maxOutputLength: maxBytes });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge('more', maxBytes);
      const problem = `grpc: failed to decompress the received message: ${message}`;
      throw new ProviderError('INTERNAL', problem);
    }
  };
}

function messageBytes(bytes: Buffer, maxBytes: number): number {
  const length = bytes.readUInt32BE(1);
  if (length > maxBytes) throw tooLarge(String(length), maxBytes);
  return length;
}

function tooLarge(length: string, maxBytes: number): ProviderError {
  const problem = `Received message larger than max (${length} vs. ${maxBytes})`;
  return new ProviderError('RESOURCE_EXHAUSTED', problem);
}
