// The scale of every slider: wherever it stands, the option takes what it says, and a text that the
// option takes puts it back where it was.

import { test } from 'tap';
import { injectors } from '../../../injectors/index.ts';
import type { OptionForm } from '../../../injectors/options.ts';

interface Scale {
  text(place: number): string;
  place(text: string): number | null;
}

const file = new URL('../../../mocks/dashboard/page/slider-scale.js', import.meta.url);
const { scaleOf } = (await import(file.href)) as { scaleOf(form: OptionForm): Scale | null };

const options = injectors.flatMap(({ name, options: all }) =>
  Object.entries(all).map(([option, type]) => ({ name: `${name}.${option}`, type })),
);

test('an option takes whatever its slider can say', async (t) => {
  const scaled = options.filter(({ type }) => scaleOf(type.form) !== null);
  t.ok(scaled.length > 100, `${scaled.length} sliders`);
  for (const { name, type } of scaled) {
    for (const place of [0, 1, 250, 500, 999, 1000]) {
      const text = scaleOf(type.form)?.text(place) ?? '';
      t.doesNotThrow(() => type.parse(text), `${name}=${text}`);
    }
  }
});

test('a slider stands where its text says, the ends included', async (t) => {
  for (const { name, type } of options) {
    const scale = scaleOf(type.form);
    if (scale === null) continue;
    for (const place of [0, 500, 1000]) {
      const back = scale.place(scale.text(place)) ?? Number.NaN;
      const isNarrow = type.form.kind === 'integer' && type.form.max - type.form.min < 20;
      t.ok(Math.abs(back - place) <= (isNarrow ? 60 : 12), `${name}: ${place} became ${back}`);
    }
  }
});

test('amounts are on a scale of decades, and what no slider can say leaves it alone', async (t) => {
  const scale = scaleOf({ kind: 'duration' });
  t.equal(scale?.text(0), '0ms');
  t.equal(scale?.text(1000), '10m');
  t.match(scale?.text(500), /^\d{3}ms$/);
  t.equal(scale?.place('1s'), scale?.place('1000ms'));
  t.equal(scaleOf({ kind: 'position' })?.place('mid-frame'), null);
  t.equal(scaleOf({ kind: 'size', maxBytes: 2 ** 30 })?.text(1000), '1GiB');
  t.equal(scaleOf({ kind: 'choice', values: ['a'] }), null);
});

test('what a form offers for a choice the option takes', async (t) => {
  for (const { name, type } of options) {
    if (type.form.kind !== 'choice') continue;
    for (const value of type.form.values) t.doesNotThrow(() => type.parse(value), name);
  }
});
