// What stands around the blocks of a gzip stream (RFC 1952) and ends them (RFC 1951).

/** Method deflate, no name, no time, written by an unknown system. */
export const gzipHeader = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
export const gzipFinalBlock = Buffer.from([0x03, 0x00]);
export const gzipTrailerBytes = 8;

/** Of all that was compressed: its CRC-32, and its length modulo 2^32. */
export function gzipTrailer(checksum: number, lengthBytes: number): Buffer {
  const sums = Buffer.alloc(gzipTrailerBytes);
  sums.writeUInt32LE(checksum, 0);
  sums.writeUInt32LE(lengthBytes % 0x1_0000_0000, 4);
  return sums;
}
