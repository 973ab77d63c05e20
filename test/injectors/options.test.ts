// What each type of option takes and refuses; all problems come at once.

import { test } from 'tap';
import {
  choice,
  duration,
  integer,
  type OptionType,
  parseOptions,
  ratio,
  size,
  text,
  word,
} from '../../injectors/options.ts';

const help = '';
const rows: {
  name: string;
  type: OptionType<unknown>;
  good: [string | number | boolean, unknown][];
  bad: (string | number | boolean)[];
}[] = [
  {
    name: 'a duration',
    type: duration('0ms', help),
    good: [
      ['250ms', 250],
      ['2s', 2000],
      ['1.5s', 1500],
      ['1m', 60_000],
      [20, 20],
      [' 3ms ', 3],
      [2_147_483_647, 2_147_483_647],
    ],
    bad: ['', '-1ms', '1h', '1e3', 'ms', true, '2147483648', '36000m', '9'.repeat(400)],
  },
  {
    name: 'a size',
    type: size('1', help, { maxMiB: 2 }),
    good: [
      ['512', 512],
      ['512B', 512],
      ['4KiB', 4096],
      ['1.5KiB', 1536],
      ['2MiB', 2_097_152],
      [7, 7],
    ],
    bad: ['2097153', '3MiB', '1GiB', '1KB', '-1', '', '9'.repeat(400)],
  },
  {
    name: 'a whole number',
    type: integer(1, help, { min: -2, max: 5 }),
    good: [
      ['3', 3],
      [-2, -2],
      ['5', 5],
    ],
    bad: ['6', -3, '1.5', 1.5, 'x', '', true],
  },
  {
    name: 'a share',
    type: ratio('0', help),
    good: [
      ['25%', 0.25],
      [0.5, 0.5],
      ['100%', 1],
    ],
    bad: ['101%', '1.1', '-1%', 'half'],
  },
  {
    name: 'a choice',
    type: choice(['a', 'b'], 'a', help),
    good: [['b', 'b']],
    bad: ['c', 'A', '', 'constructor'],
  },
  {
    name: 'a name',
    type: word('x', help),
    good: [['my-Error_1.2', 'my-Error_1.2']],
    bad: ['', 'two words', '\u2603', 'a\r\nb', 'x'.repeat(101)],
  },
  {
    name: 'text',
    type: text('', help),
    good: [
      ['any \u2603', 'any \u2603'],
      ['', ''],
    ],
    bad: ['x'.repeat(4097)],
  },
];

for (const { name, type, good, bad } of rows) {
  test(`${name} is read as meant, and refused otherwise`, async (t) => {
    for (const [raw, value] of good) t.equal(type.parse(raw), value, String(raw));
    for (const raw of bad) t.throws(() => type.parse(raw), RangeError, String(raw).slice(0, 20));
  });
}

const schema = { gap: duration(undefined, help), count: integer(2, help, { min: 0, max: 9 }) };

test('what is not given falls back', async (t) => {
  const { options, problems } = parseOptions(schema, { gap: '1s' }, 'fault x');
  t.same(options, { gap: 1000, count: 2 });
  t.same(problems, []);
});

test('every problem is listed at once', async (t) => {
  const raw = JSON.parse('{"count":10,"nope":1,"toString":1,"__proto__":1}');
  t.same(parseOptions(schema, raw, 'fault x').problems, [
    'Cannot use option "nope" of fault x: there is none. Known: gap, count.',
    'Cannot use option "toString" of fault x: there is none. Known: gap, count.',
    'Cannot use option "__proto__" of fault x: there is none. Known: gap, count.',
    'Cannot use fault x: option "gap" is missing. Give a duration such as 250ms, 2s or 1m.',
    'Cannot read fault x count=10: it must be a whole number from 0 to 9.',
  ]);
});
