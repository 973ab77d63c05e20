import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { test } from 'tap';
import { createDetector, type Detector } from '../../../harness/watch/detector.ts';
import { seededRng } from '../../../injectors/determinism.ts';
import { watchToTheEnd } from '../../fixtures/watched.ts';
import { drawPlan } from '../../gallery/synthetic/watched.ts';

const MiB = 1024 ** 2;
const stepMs = 5000;
const perSecond = 100;

/** Memory as a function of hours, in bytes above 100 MiB, at an even pace of requests. */
function follow(
  detector: Detector,
  hours: number,
  memory: (hour: number) => number,
  pace: (hour: number) => number = () => perSecond,
) {
  const rng = seededRng(7);
  let work = 0;
  let first: number | null = null;
  for (let timeMs = 0; timeMs < hours * 3_600_000; timeMs += stepMs) {
    const hour = timeMs / 3_600_000;
    work += (pace(hour) * stepMs) / 1000;
    const bytes = 100 * MiB + memory(hour) + 0.2 * MiB * rng.next();
    if (!detector.add({ timeMs, bytes, work })) continue;
    if (detector.judgement.state === 'leaking') first ??= timeMs / 60_000;
  }
  return first;
}

test('a leak that begins in a running process is told within 25 minutes, with its rate', async (t) => {
  const detector = createDetector();
  const perRequest = 1024;
  const at = follow(detector, 3, (hour) => Math.max(0, hour - 2) * 3600 * perSecond * perRequest);
  t.ok(at !== null && at > 120 && at < 145, `${at} min`);
  const { fit } = detector.judgement;
  t.ok(fit !== null && fit.low <= perRequest && perRequest <= fit.high, JSON.stringify(fit));
});

test('a leak from the first request is told within 32 minutes', async (t) => {
  const at = follow(createDetector(), 1, (hour) => hour * 3600 * perSecond * 500);
  t.ok(at !== null && at < 32, `${at} min`);
});

const innocents: Readonly<Record<string, (hour: number) => number>> = {
  'nothing at all': () => 0,
  'a cache that fills evenly for ten minutes': (hour) => 100 * MiB * Math.min(1, hour * 6),
  'a cache that is emptied every hour and fills for ten minutes': (hour) =>
    100 * MiB * Math.min(1, (hour % 1) * 6),
  'a step that stays': (hour) => (hour > 2 ? 80 * MiB : 0),
  'steps that stay, one an hour': (hour) => Math.floor(hour) * 20 * MiB,
  'garbage that is collected every ten minutes': (hour) => 60 * MiB * ((hour * 6) % 1),
  'growth that slows down': (hour) => 100 * MiB * (1 - Math.exp(-hour * 6)),
  'fragmentation, a logarithm': (hour) => 5 * MiB * Math.log1p(hour * 60),
};
for (const [name, memory] of Object.entries(innocents)) {
  test(`${name} is no leak, in twelve hours`, async (t) => {
    t.equal(follow(createDetector(), 12, memory), null);
  });
}

test('memory that follows the traffic of a day is no leak; the same rise without it is', async (t) => {
  const day = (hour: number) => 1 + 0.6 * Math.sin((2 * Math.PI * hour) / 24);
  const memory = (hour: number) => 80 * MiB * day(hour);
  t.equal(
    follow(createDetector(), 30, memory, (hour) => perSecond * day(hour)),
    null,
  );
  t.not(follow(createDetector(), 30, memory), null);
});

test('a slow leak below the noise of minutes is told within hours', async (t) => {
  const at = follow(createDetector(), 12, (hour) => hour * 8 * MiB + 6 * MiB * ((hour * 11) % 1));
  t.ok(at !== null && at > 60, `${at} min`);
});

test('growth up to what was allowed is no leak, and beyond it is', async (t) => {
  const filling = (mib: number) => (hour: number) => Math.min(mib, hour * 100) * MiB;
  t.not(follow(createDetector(), 6, filling(150)), null, 'an hour and a half of filling');
  const allowing = () => createDetector({ allowedRise: 160 * MiB });
  t.equal(follow(allowing(), 6, filling(150)), null);
  t.not(follow(allowing(), 6, filling(400)), null);
});

test('a restart is learnt anew, and no leak is carried over', async (t) => {
  const detector = createDetector();
  follow(detector, 1, (hour) => hour * 300 * MiB);
  t.equal(detector.judgement.state, 'leaking');
  detector.restart();
  t.equal(detector.judgement.state, 'learning');
  t.equal(
    follow(detector, 1, () => 0),
    null,
  );
  t.equal(detector.judgement.state, 'ok');
});

test('a leak that ends is taken back', async (t) => {
  const detector = createDetector();
  follow(detector, 2.5, (hour) => Math.min(hour, 1) * 300 * MiB);
  t.equal(detector.judgement.state, 'ok');
});

test('two weeks take no more memory than a day', async (t) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heldAfter = (hours: number) => {
    const detector = createDetector();
    follow(detector, hours, () => 0);
    collect();
    const { heapUsed } = process.memoryUsage();
    // Asked afterwards, so that it is still held while memory is read.
    t.equal(detector.judgement.state, 'ok');
    return heapUsed;
  };
  heldAfter(1);
  const grown = heldAfter(14 * 24) - heldAfter(24);
  t.ok(grown < 256 * 1024, `${grown} B`);
});

const clean = Array.from({ length: 12 }, (_, seed) => drawPlan(2_000_000 + seed, false));
test('of twelve processes with all sorts of habits none is accused in a day', async (t) => {
  const accused = clean.filter((plan) => watchToTheEnd(plan).accusedMs !== null);
  t.strictSame(
    accused.map(({ seed }) => seed),
    [],
  );
});

test('with a leak of 4 kB each of them is accused within 40 minutes', async (t) => {
  for (const plan of clean) {
    const leak = { bytesPerRequest: 4096, fromHour: 0 };
    const { minutes } = watchToTheEnd({ ...plan, leak, hours: 2 });
    t.ok(minutes !== null && minutes <= 40, `seed ${plan.seed}: ${minutes} min`);
  }
});
