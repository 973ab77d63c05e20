// The cells of a matrix from its record: what leaks is found in its own cell and in no other.

import { test } from 'tap';
import { matrixChecker } from '../../../harness/checkers/matrix.ts';
import { latestCells, matrixCells } from '../../../harness/checkers/matrix-cells.ts';
import { matrixTable } from '../../../harness/reports/matrix-table.ts';
import { buildMatrixRecord } from '../../fixtures/matrix-record.ts';
import { buildRecord } from '../../fixtures/record.ts';

const key = (fault: string) => ({ provider: 'bedrock', transport: 'http2', fault });

test('a leak is found in its cell, and the cells before and after it are clean', async (t) => {
  const record = buildMatrixRecord([
    key('noop'),
    { ...key('hang;at=3'), keptBytes: 2048 },
    { ...key('reset;at=3'), keptSockets: 0.5 },
    key('truncate;at=50%'),
  ]);
  const cells = matrixCells(record);
  t.same(
    cells.map(({ fault, finding, metric }) => [fault, finding, metric]),
    [
      ['noop', 'clean', null],
      ['hang;at=3', 'leak', 'heapBytes'],
      ['reset;at=3', 'leak', 'socketCount'],
      ['truncate;at=50%', 'clean', null],
    ],
  );
  const { estimate = 0, low = 0, high = 0 } = cells[1]?.perRequest ?? {};
  t.ok(low <= 2048 && high >= 2048 && Math.abs(estimate - 2048) < 64, `${low} ${estimate} ${high}`);
  t.match(cells[2], { socketsLeft: 160, fdsLeft: 160 });
  t.match(matrixChecker.check(record), { outcome: 'fail', reason: /2 of 4 cells leak/ });
  const table = matrixTable(cells, []);
  t.match(table, /hang;at=3\s+LEAK 20\d\d/);
  t.match(table, /truncate;at=50%\s+clean/);
});

test('seven levels suffice for a clean cell', async (t) => {
  const [cell] = matrixCells(buildMatrixRecord([{ ...key('noop'), cycles: 7 }]));
  t.equal(cell?.finding, 'clean');
});

test('peak, recovery and latency are those of the cell', async (t) => {
  const record = buildMatrixRecord([
    key('noop'),
    { ...key('oversize'), peakBytes: 5e6, recoveryMs: 700 },
  ]);
  const [quiet, large] = matrixCells(record);
  t.match(quiet, { peakBytes: 0, recoveryMs: 30, latencyP50Ms: 100, requests: { total: 16 } });
  t.match(large, { peakBytes: 5e6, recoveryMs: 700 });
});

test('a cell that the run was cut short in is undecided, and says how the gateway ended', async (t) => {
  const facts = { gatewayEnded: 'It was killed by SIGSEGV.' };
  const record = buildMatrixRecord([key('noop'), key('gzip-bomb')], { interrupted: 'x', facts });
  const cells = matrixCells(record);
  t.match(cells[1], { finding: 'undecided', isWhole: false, gatewayEnded: facts.gatewayEnded });
  t.equal(cells[0]?.gatewayEnded, null);
  t.match(matrixTable(cells, []), /gzip-bomb\s+ENDED/);
});

test('a gateway that answers no more after a fault is told as stuck in that cell', async (t) => {
  const record = buildMatrixRecord([key('noop'), key('zero-window')]);
  const interrupted =
    'Cannot go on after bedrock/http2/zero-window healed: no request was answered.';
  const cells = matrixCells({ ...record, interrupted });
  t.same(
    cells.map(({ isStuck }) => isStuck),
    [false, true],
  );
  t.match(matrixTable(cells, []), /zero-window\s+clean, stuck\n[\s\S]*Stuck: after/);
});

test('of a cell that was measured twice the later one counts', async (t) => {
  const cut = buildMatrixRecord([key('noop')], { interrupted: 'Ctrl-C' });
  const whole = buildMatrixRecord([key('noop'), key('hang')]);
  t.same(
    latestCells([cut, whole]).map(({ fault, finding }) => `${fault} ${finding}`),
    ['noop clean', 'hang clean'],
  );
});

test('other records have no cells', async (t) => {
  t.same(matrixCells(buildRecord()), []);
});
