// How good is `leakbed watch`? Prints, for 60 processes of which half leak, when each was told of,
// and whether a clean one was; then how often a clean process is accused in a day, over many seeds.
// Of the 60, 52 are drawn (../gallery/synthetic/watched.ts) and 8 are real, with time made short.
//
//   node test/bench/watch.ts [--seed 1000000] [--clean 1000] [--leaks 200] [--no-live]

import { parseArgs } from 'node:util';
import { quantile } from '../../harness/stats/quantile.ts';
import {
  galleryProcess,
  type LiveProcess,
  pythonProcess,
  watchLive,
} from '../fixtures/live-watch.ts';
import { watchToTheEnd } from '../fixtures/watched.ts';
import { upperLimit } from '../gallery/synthetic/binomial.ts';
import { drawPlan } from '../gallery/synthetic/watched.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1000000' },
    clean: { type: 'string', default: '1000' },
    leaks: { type: 'string', default: '200' },
    'no-live': { type: 'boolean', default: false },
  },
});

const firstSeed = Number(values.seed);
const drawnCount = 26;
const say = (line: string) => process.stdout.write(`${line}\n`);
const row = (cells: readonly string[]) =>
  say(
    cells
      .map((cell, at) => cell.padEnd([26, 12, 12, 16, 0][at] ?? 0))
      .join('')
      .trimEnd(),
  );

/** Large ones: garbage does not shrink with the windows, and hides the small ones for longer. */
const leakingLive = [
  galleryProcess('buffer.mjs'),
  pythonProcess('/bytes?n=4096'),
  pythonProcess('/bytes?n=16384'),
  pythonProcess('/bytes?n=49152'),
];
const cleanLive = [
  galleryProcess('none.mjs'),
  galleryProcess('../innocents/lru-cache.mjs'),
  galleryProcess('../innocents/ttl-sweep.mjs'),
  pythonProcess('/pool?n=4096&limit=2000'),
];
/** Its usual 20 s are one here: twenty times as fast. */
const windowMs = 1000;
const speed = 20_000 / windowMs;

row(['process', 'B/request', 'leaks from', 'told after', 'beside']);
const minutes: number[] = [];
for (let seed = firstSeed; seed < firstSeed + drawnCount; seed++) {
  const plan = drawPlan(seed, true);
  const found = watchToTheEnd(plan);
  minutes.push(found.minutes ?? Number.POSITIVE_INFINITY);
  const { bytesPerRequest = 0, fromHour = 0 } = plan.leak ?? {};
  const from = fromHour === 0 ? 'its start' : `hour ${fromHour.toFixed(1)}`;
  row([
    `drawn ${seed}`,
    bytesPerRequest.toFixed(0),
    from,
    told(found.minutes),
    plan.habits.join(', '),
  ]);
}
let falseAlarms = 0;
for (let seed = firstSeed; seed < firstSeed + drawnCount; seed++) {
  const plan = drawPlan(seed, false);
  const { minutes: at } = watchToTheEnd(plan);
  if (at !== null) falseAlarms += 1;
  row([
    `drawn ${seed}`,
    '-',
    '-',
    at === null ? 'quiet' : `FALSE ${told(at)}`,
    plan.habits.join(', '),
  ]);
}
const live = async (one: LiveProcess, isLeaking: boolean) => {
  const end = await watchLive(one, { perSecond: 400, seconds: 170, windowMs });
  const at = end.alarmSeconds === null ? null : (end.alarmSeconds * speed) / 60;
  if (isLeaking) minutes.push(at ?? Number.POSITIVE_INFINITY);
  else if (at !== null) falseAlarms += 1;
  const quiet = isLeaking ? 'MISSED' : 'quiet';
  const seen = `${end.requestsPerSecond.toFixed(0)} requests/s, ${end.alarmSeconds?.toFixed(0) ?? 170} s`;
  row([one.name, '', isLeaking ? 'its start' : '-', at === null ? quiet : told(at), seen]);
};
if (!values['no-live']) {
  for (const one of leakingLive) await live(one, true);
  for (const one of cleanLive) await live(one, false);
}
say('');
summary(`of these ${minutes.length} leaks`, minutes);
say(`false alarms among the others: ${falseAlarms}`);

say('');
const [later, fromStart, fast]: number[][] = [[], [], []];
for (let seed = firstSeed + 10_000; seed < firstSeed + 10_000 + Number(values.leaks); seed++) {
  const plan = drawPlan(seed, true);
  const at = watchToTheEnd(plan).minutes ?? Number.POSITIVE_INFINITY;
  (plan.leak?.fromHour === 0 ? fromStart : later)?.push(at);
  if ((plan.leak?.bytesPerRequest ?? 0) >= 1024) fast?.push(at);
}
summary('leaks that begin later', later ?? []);
summary('leaks from the start of the process', fromStart ?? []);
summary('leaks of 1 KiB and more', fast ?? []);
let accused = 0;
const days = Number(values.clean);
for (let seed = firstSeed + 20_000; seed < firstSeed + 20_000 + days; seed++) {
  if (watchToTheEnd(drawPlan(seed, false)).accusedMs !== null) accused += 1;
}
const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
say(
  `clean processes accused in a day: ${accused} of ${days}, ${percent(accused / days)}, ` +
    `at most ${percent(upperLimit(accused, days))} (95 %)`,
);

function told(at: number | null): string {
  return at === null ? 'not in time' : `${at.toFixed(1)} min`;
}

function summary(what: string, all: readonly number[]): void {
  const real = all.filter((at) => at >= 0);
  const early = all.length - real.length;
  const of = (share: number) => {
    const finite = real.map((at) => Math.min(at, 1e9));
    const value = quantile(finite, share) ?? Number.NaN;
    return value >= 1e9 ? 'never' : `${value.toFixed(1)} min`;
  };
  const within = real.filter((at) => at <= 30).length;
  say(
    `${what}: p50 ${of(0.5)}, p90 ${of(0.9)}, p95 ${of(0.95)}; within 30 min ${within} of ` +
      `${real.length}; told before they leaked ${early}`,
  );
}
