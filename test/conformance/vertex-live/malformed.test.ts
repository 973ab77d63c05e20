// Malformed JSON in a valid frame: @google/genai rejects a promise that nobody holds, which ends a
// process by default, and the session goes on. So each run has a process of its own.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { test } from 'tap';

const program = new URL('../../fixtures/live-malformed.ts', import.meta.url).pathname;

for (const major of ['2', '3']) {
  test(`malformed JSON is an unhandled rejection in @google/genai ${major}`, async (t) => {
    const { stdout } = await promisify(execFile)(process.execPath, [program, major]);
    const { rejections, told } = JSON.parse(stdout);
    t.equal(rejections.length, 1);
    t.match(rejections[0], /JSON/);
    t.same(told, ['setupComplete', 'text', 'text', 'generationComplete', 'turnComplete']);
  });
}
