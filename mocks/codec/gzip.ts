// gzip around another codec: each frame becomes a block that ends at a flush point, so events still
// arrive one by one, and a stream cut between two frames holds whole events and no trailer, which
// most clients take for its end. Sources: RFC 1951 (deflate), RFC 1952 (gzip).
//
//   header ─► block ─► block … ─► final empty block, CRC-32, length
//
// Each block is compressed by itself and refers to none before it, so nothing is kept between two
// frames, no native stream has to be closed, and blocks put together are one valid deflate stream.

import { constants, crc32, deflateRawSync } from 'node:zlib';
import { gzipFinalBlock, gzipHeader, gzipTrailer } from '../../injectors/response/gzip-format.ts';
import type { Codec, EncodedFrame } from '../provider.ts';

/** A small window is quicker to set up, which is what counts with frames of a few hundred bytes. */
const options = { finishFlush: constants.Z_SYNC_FLUSH, level: 6, memLevel: 2, windowBits: 10 };

interface State {
  readonly events: number;
  readonly checksum: number;
  readonly lengthBytes: number;
  readonly isBegun: boolean;
}

/** One event of a model is a handful of frames at most. */
const keptStates = 16;

export function gzipCodec(codec: Codec): Codec {
  let state: State = { events: 0, checksum: 0, lengthBytes: 0, isBegun: false };
  /** States before the latest frames, for frames that a fault takes back. */
  const earlier: State[] = [];
  const compress = ({ label, bytes }: EncodedFrame): EncodedFrame => {
    const block = deflateRawSync(bytes, options);
    const lead = state.isBegun ? [] : [gzipHeader];
    earlier.push(state);
    if (earlier.length > keptStates) earlier.shift();
    state = {
      events: state.events + (label === 'framing' ? 0 : 1),
      checksum: crc32(bytes, state.checksum),
      lengthBytes: state.lengthBytes + bytes.length,
      isBegun: true,
    };
    return { bytes: Buffer.concat([...lead, block]), label };
  };
  const trailer = (): EncodedFrame => {
    const sums = gzipTrailer(state.checksum, state.lengthBytes);
    const lead = state.isBegun ? [] : [gzipHeader];
    return { bytes: Buffer.concat([...lead, gzipFinalBlock, sums]), label: 'framing' };
  };
  return {
    encode: (event) => codec.encode(event).map(compress),
    finish: () => [...codec.finish().map(compress), trailer()],
    exception: (name, message, sentEvents) => {
      if (state.events > sentEvents) {
        state = earlier.findLast(({ events }) => events <= sentEvents) ?? state;
      }
      const frames = codec.exception(name, message, sentEvents).map(compress);
      return frames.length === 0 ? [] : [...frames, trailer()];
    },
  };
}

/** True when the client takes gzip (RFC 9110 section 12.5.3). */
export function acceptsGzip(acceptEncoding: unknown): boolean {
  const codings = String(acceptEncoding ?? '')
    .toLowerCase()
    .split(',');
  return codings.some((coding) => {
    const [name = '', ...parameters] = coding.split(';').map((part) => part.trim());
    if (name !== 'gzip' && name !== 'x-gzip' && name !== '*') return false;
    return !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}
