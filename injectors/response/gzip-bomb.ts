// A small body that is huge once it is decompressed (CWE-409): clients that inflate what they are
// sent, before they look at it, hold all of it. The same compressed block goes out again and again,
// so that neither the bomb nor what it inflates to is ever held here. Sources: RFC 1951, RFC 1952;
// over gRPC it is one compressed message.

import { constants, crc32, deflateRawSync } from 'node:zlib';
import { defineInjector } from '../injector.ts';
import { size } from '../options.ts';
import { needsOwnHead } from '../stream/needs-head.ts';
import { setHeader } from '../stream/set-header.ts';
import { complete, type Frame } from '../stream.ts';
import { gzipFinalBlock, gzipHeader, gzipTrailer, gzipTrailerBytes } from './gzip-format.ts';

const blockBytes = 1024 ** 2;
/** Line ends are white space to JSON and mean nothing to server-sent events. */
const filling = Buffer.alloc(blockBytes, '\n');
/** Ends at a flush point and refers to nothing before it, so it can follow itself. */
const compress = (bytes: Buffer) =>
  deflateRawSync(bytes, { finishFlush: constants.Z_FULL_FLUSH, level: 9 });
let fullBlock: Buffer | undefined;
/** The same for every bomb, and dear to make. */
const block = () => (fullBlock ??= compress(filling));
export const gzipBomb = defineInjector({
  name: 'gzip-bomb',
  family: 'response',
  summary: 'Answers with a small body that decompresses to a huge one.',
  options: { size: size('256MiB', 'bytes after decompression', { maxMiB: 16_384 }) },
  example: 'gzip-bomb;size=1MiB',
  isTerminal: true,
  notOn: needsOwnHead,
  explain: ({ size: bytes }) => `answers with ${bytes} bytes of line ends, compressed`,
  head: (head, _options, { transport }) =>
    setHeader(head, transport === 'grpc' ? 'grpc-encoding' : 'content-encoding', 'gzip'),
  *wire(_frames, { size: bytes }, context) {
    context.note(`${bytes} bytes, compressed`);
    const count = Math.floor(bytes / blockBytes);
    const rest = filling.subarray(0, bytes % blockBytes);
    const last = Buffer.concat([compress(rest), gzipFinalBlock]);
    const lengthBytes = gzipHeader.length + count * block().length + last.length + gzipTrailerBytes;
    if (context.transport === 'grpc') yield body(compressedPrefix(lengthBytes));
    yield body(gzipHeader);
    let checksum = 0;
    for (let sent = 0; sent < count; sent += 1) {
      checksum = crc32(filling, checksum);
      yield body(block());
    }
    yield body(last);
    yield { ...body(gzipTrailer(crc32(rest, checksum), bytes)), label: 'body' };
    return complete;
  },
});

const body = (bytes: Uint8Array): Frame => ({ bytes, label: 'framing', dueMs: 0 });

/** grpc/doc/PROTOCOL-HTTP2.md, Length-Prefixed-Message with the Compressed-Flag set. */
function compressedPrefix(lengthBytes: number): Buffer {
  const prefix = Buffer.alloc(5, 1);
  prefix.writeUInt32BE(lengthBytes, 1);
  return prefix;
}
