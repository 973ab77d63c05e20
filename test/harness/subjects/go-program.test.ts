// Which executables are Go programs, by the parts of the file.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'tap';
import { isGoProgram } from '../../../harness/subjects/go-program.ts';
import { detectRuntime } from '../../../harness/subjects/process-info.ts';

/** A 64-bit ELF file with one section, which holds these section names. */
function elfWith(names: string): Buffer {
  const file = Buffer.alloc(64 + 64);
  file.write('\x7fELF\x02\x01', 'latin1');
  file.writeBigUInt64LE(64n, 40);
  file.writeUInt16LE(64, 58);
  file.writeUInt16LE(0, 62);
  file.writeBigUInt64LE(128n, 64 + 24);
  file.writeBigUInt64LE(BigInt(names.length), 64 + 32);
  return Buffer.concat([file, Buffer.from(names)]);
}

test("a file with the table that Go's runtime needs is a Go program, others are not", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'leakbed-go-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'program');
  await writeFile(path, elfWith('\0.text\0.gopclntab\0.shstrtab\0'));
  t.equal(isGoProgram(path), true);
  await writeFile(path, elfWith('\0.text\0.rodata\0.shstrtab\0'));
  t.equal(isGoProgram(path), false);
  await writeFile(path, '#!/bin/sh\n.gopclntab');
  t.equal(isGoProgram(path), false, 'a script that only names it');
  t.equal(isGoProgram(join(folder, 'none')), false);
});

test('this process is Node, whatever its file holds', (t) => {
  t.equal(isGoProgram(process.execPath), false);
  t.equal(detectRuntime(process.pid), 'node');
  t.end();
});
