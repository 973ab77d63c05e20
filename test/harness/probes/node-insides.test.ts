// The probes of a Node process from inside: spaces, resources by kind, event-loop delay, living
// objects. Each sees what was really done to the process, and nothing where nothing was.

import { test } from 'tap';
import { censusProbe } from '../../../harness/probes/census.ts';
import { eventLoop } from '../../../harness/probes/event-loop.ts';
import { heapSpaces } from '../../../harness/probes/heap-spaces.ts';
import { inspectorProbe } from '../../../harness/probes/inspector.ts';
import { byKind, resources } from '../../../harness/probes/resources.ts';
import { fragmentation } from '../../../harness/series/metrics.ts';
import { sleep, systemClock } from '../../../injectors/determinism.ts';
import { sendRequests, startLeakyApp } from '../../fixtures/leaky-subject.ts';

const { nowMs } = systemClock;

test('the spaces hold what is retained, and committed is never below used', async (t) => {
  const subject = await startLeakyApp(t);
  await using collector = await inspectorProbe().attach(subject, nowMs);
  await using probe = await heapSpaces.attach(subject, nowMs);
  const level = async () => {
    await collector.level();
    return await probe.level();
  };
  const before = await level();
  // Each beyond half a page, so that V8 puts it among the large objects.
  await sendRequests(subject.url, '/string?bytes=600000', 20);
  const after = await level();
  const grown = (after.largeObjectBytes ?? 0) - (before.largeObjectBytes ?? 0);
  t.ok(grown > 10e6, `${grown} bytes`);
  t.ok((after.tenuredCommittedBytes ?? 0) >= (after.tenuredBytes ?? Infinity));
  const { heapShare } = fragmentation(after);
  t.ok(heapShare !== null && heapShare >= 0 && heapShare < 0.5, `${heapShare}`);
});

test('kinds of resources add up to all of them', async (t) => {
  const subject = await startLeakyApp(t);
  await using probe = await resources.attach(subject, nowMs);
  const before = await probe.sample();
  await sendRequests(subject.url, '/socket', 10);
  const after = await probe.sample();
  // A connection of the client's own may have come or gone between the two.
  const added = (after.streamHandleCount ?? 0) - (before.streamHandleCount ?? 0);
  t.ok(added >= 9 && added <= 12, `${added} streams more`);
  t.same(
    byKind({
      Timeout: 2,
      Immediate: 1,
      TCPSocketWrap: 3,
      GetAddrInfoReqWrap: 4,
      FSReqPromise: 5,
      Odd: 6,
    }),
    {
      timerCount: 3,
      streamHandleCount: 3,
      pendingCallCount: 9,
      otherHandleCount: 6,
    },
  );
});

test('a blocked event loop is seen, one at rest is not', async (t) => {
  const subject = await startLeakyApp(t);
  await using probe = await eventLoop.attach(subject, nowMs);
  await sleep(100);
  await probe.sample();
  await sleep(200);
  const rest = (await probe.sample()).eventLoopDelayMs ?? Number.NaN;
  let blocked = 0;
  // Two readings may have the block between them; a few tries do not.
  for (let tries = 0; tries < 10 && !(blocked > 200 && blocked > 2 * rest); tries++) {
    await sendRequests(subject.url, '/block?ms=300', 1);
    await sleep(50);
    blocked = (await probe.sample()).eventLoopDelayMs ?? 0;
  }
  t.ok(blocked > 200 && blocked > 2 * rest, `${blocked} ms blocked, ${rest} ms at rest`);
});

test('promises, generators and sessions that nobody ends are counted, and nothing else', async (t) => {
  const subject = await startLeakyApp(t);
  await using probe = await censusProbe().attach(subject, nowMs);
  const count = async () => (await probe.census?.()) ?? {};
  await sendRequests(subject.url, '/generator', 1);
  const before = await count();
  await sendRequests(subject.url, '/promise', 50);
  await sendRequests(subject.url, '/generator', 40);
  await sendRequests(subject.url, '/session', 30);
  const after = await count();
  const added = (name: keyof typeof after) => (after[name] ?? 0) - (before[name] ?? 0);
  t.ok(added('promiseCount') >= 50 && added('promiseCount') < 90, `${added('promiseCount')}`);
  t.equal(added('generatorCount'), 40);
  t.equal(added('clientCount'), 30);
  t.same(await probe.level(), {}, 'a level walks the heap only where it was asked to');
});

test('without an inspector each says why and what would help', async (t) => {
  const subject = await startLeakyApp(t, { inspect: false });
  for (const probe of [heapSpaces, resources, eventLoop, censusProbe()]) {
    await t.rejects(probe.attach(subject, nowMs), /started without an inspector/);
  }
});
