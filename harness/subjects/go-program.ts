// Is this executable a Go program? Every one, stripped or not, has the table of functions that Go's
// own runtime needs to unwind a stack, in a section of this name.
// Source: Go src/cmd/link (.gopclntab); ELF-64 object file format, "File header" and "Sections".

import { closeSync, openSync, readSync } from 'node:fs';

const sectionName = '.gopclntab';

export function isGoProgram(path: string): boolean {
  try {
    return sectionNames(path).includes(sectionName);
  } catch {
    return false;
  }
}

/** The string table of the section names; empty for what is no 64-bit little-endian ELF file. */
function sectionNames(path: string): Buffer {
  const file = openSync(path, 'r');
  const read = (offset: bigint, length: number) => {
    const part = Buffer.alloc(length);
    return part.subarray(0, readSync(file, part, 0, length, offset));
  };
  try {
    const head = read(0n, 64);
    if (head.toString('latin1', 0, 6) !== '\x7fELF\x02\x01') return Buffer.alloc(0);
    const sections = head.readBigUInt64LE(40);
    const [entryBytes, namesAt] = [head.readUInt16LE(58), head.readUInt16LE(62)];
    const names = read(sections + BigInt(entryBytes * namesAt), entryBytes);
    const length = Math.min(Number(names.readBigUInt64LE(32)), mostNameBytes);
    return read(names.readBigUInt64LE(24), length);
  } finally {
    closeSync(file);
  }
}

const mostNameBytes = 65_536;
