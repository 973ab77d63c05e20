// Filler: exact sizes, one seed one text, and runs that are what single pieces are.

import { test } from 'tap';
import { seededRng } from '../../../injectors/determinism.ts';
import { fillerText } from '../../../mocks/script/text.ts';

const sizes = [1, 23, 24, 200, 15_360, 16_384, 300_000];

test('a piece has the size that was asked for, and is ASCII', async (t) => {
  const text = fillerText(seededRng(3));
  for (const size of sizes) {
    const piece = text(7, size);
    t.equal(piece.length, size);
    t.equal(Buffer.byteLength(piece), size);
  }
});

test('the text is one, however it is cut', async (t) => {
  const text = fillerText(seededRng(3));
  t.equal(text(0, 40_000), text(0, 15_000) + text(15_000, 25_000));
  t.equal(fillerText(seededRng(3))(100, 50), text(100, 50));
});

test('other seeds begin elsewhere', async (t) => {
  const beginnings = Array.from({ length: 50 }, (_, seed) => fillerText(seededRng(seed))(0, 40));
  t.ok(new Set(beginnings).size > 20);
});

test('a run is pieces one after another, and the same list when it comes again', async (t) => {
  for (const size of sizes) {
    const text = fillerText(seededRng(9));
    const run = text.run(5 * size, size, 10);
    t.ok(run.length >= 1 && run.length <= 10, `${run.length} pieces of ${size}`);
    t.same(
      run,
      run.map((_, index) => text(5 * size + index * size, size)),
    );
    t.equal(fillerText(seededRng(9)).run(5 * size, size, 10), run);
  }
});
