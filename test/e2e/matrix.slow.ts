// The matrix as users run it: killed in the middle and resumed, it measures what is left and finds
// the cell in which the gateway leaks. test/bench/matrix.ts does it for many faults.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'tap';
import type { MatrixCell } from '../../harness/checkers/matrix-cells.ts';
import { freshOut, startCommandLine, survivors } from '../fixtures/command-line.ts';

/** In the gateway, requests whose client left are kept, and throttled ones. */
const plant = fileURLToPath(new URL('../fixtures/fault-leaks.ts', import.meta.url));
const limitMs = 300_000;
const only = ['--provider', 'bedrock', '--transport', 'http2'];
const faults = ['--fault', 'noop', '--fault', 'abort', '--fault', 'no-usage'];

test('a matrix that was killed goes on with the cells that are left', async (t) => {
  const out = await freshOut(t);
  const env = { NODE_OPTIONS: `--import=${plant}` };
  const words = ['matrix', ...only, ...faults, '--seed', '1'];
  const first = startCommandLine(t, [...words, '--out', out], { env, limitMs });
  // By then the levels of the cell before it are on the disk.
  await first.untilSaid(/abort;at=3: does it leak/);
  const below = first.below();
  first.signal('SIGKILL', 'group');
  await first.ended;
  t.same(await survivors(below, 10_000), []);

  const [name = ''] = await readdir(out);
  const again = [...words, '--json', '--resume', join(out, name)];
  const second = startCommandLine(t, again, { env, limitMs });
  const { code, stdout, stderr } = await second.ended;
  t.equal(code, 1, stderr);
  t.notMatch(stderr, /noop: does it leak/, 'what was measured is not measured again');
  const { cells, planned } = JSON.parse(stdout) as {
    readonly cells: readonly MatrixCell[];
    readonly planned: number;
  };
  t.equal(planned, 3);
  t.same(Object.fromEntries(cells.map(({ fault, finding }) => [fault, finding])), {
    noop: 'clean',
    'abort;at=3': 'leak',
    'no-usage': 'clean',
  });
  t.match(stderr, /abort;at=3\s+LEAK/);
});
