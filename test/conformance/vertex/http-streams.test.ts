// Broken HTTP streams through every client of npm, cell by cell as the table says.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setDefaultCACertificates } from 'node:tls';
import { test } from 'tap';
import { startMocks } from '../../../mocks/server.ts';
import { openAuthority } from '../../../mocks/tls/authority.ts';
import { type Reader, streamReaders } from '../../fixtures/vertex-streams.ts';
import { endingCells, errorCells, framingCells } from './http-cells.ts';

const ofClaude = new Set(['anthropic', 'anthropic-final', 'ai-claude']);

test('HTTP streams', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'leakbed-ca-'));
  const authority = await openAuthority({ folder, now: new Date() });
  // @google-cloud/vertexai speaks TLS alone.
  setDefaultCACertificates([await readFile(authority.caFile, 'utf8')]);
  const mocks = await startMocks({ port: 0, seed: 1, authority });
  const { readers, close } = streamReaders(mocks);
  t.teardown(async () => {
    await close();
    await mocks.close();
    await rm(folder, { recursive: true });
  });
  for (const { gemini, claude, ends } of [...endingCells, ...errorCells, ...framingCells]) {
    t.test(`streams under ${gemini ?? claude}`, async (t) => {
      const cells = Object.entries(ends).map(async ([name, wanted]) => {
        const words = ofClaude.has(name) ? claude : gemini;
        if (words === undefined)
          throw new Error(`Cannot ask ${name}: the row has no words for it.`);
        const read: Reader = readers[name as keyof typeof readers];
        const ended = await read(`chunks=5 ${words}`);
        if (typeof wanted === 'string') t.equal(ended, wanted, `${name}: ${wanted}`);
        else t.match(ended, wanted, `${name}: ${wanted}`);
      });
      await Promise.all(cells);
    });
  }
});
