// The queue depth of a real metrics page, and the reasons when it cannot be had.

import { test } from 'tap';
import { metricsTextProbe } from '../../../harness/probes/metrics-text.ts';
import { readMetric } from '../../../harness/probes/prometheus-text.ts';
import { systemClock } from '../../../injectors/determinism.ts';
import { sendRequests, startLeakyApp } from '../../fixtures/leaky-subject.ts';

const { nowMs } = systemClock;

test('the depth is the sum over all label sets', async (t) => {
  const subject = await startLeakyApp(t, { inspect: false });
  await sendRequests(subject.url, '/string?bytes=10', 3);
  await sendRequests(subject.url, '/buffer?bytes=10', 4);
  const probe = await metricsTextProbe().attach(subject, nowMs);
  t.strictSame(await probe.sample(), { queueDepth: 7 });
});

test('a page without the metric is refused at once, with what would help', async (t) => {
  const subject = await startLeakyApp(t, { inspect: false });
  await t.rejects(metricsTextProbe({ metric: 'queue' }).attach(subject, nowMs), {
    message: /\/metrics has no metric "queue"\. Export it from the gateway as a gauge/,
  });
});

test('a gateway that ended fails in words', async (t) => {
  const subject = await startLeakyApp(t, { inspect: false });
  const probe = await metricsTextProbe().attach(subject, nowMs);
  await subject.stop();
  await t.rejects(probe.sample(), { message: /Cannot read http.*\/metrics: .*ECONNREFUSED/ });
});

test('only the metric of that very name counts', async (t) => {
  t.equal(readMetric('depth_max 9\n# depth 8\ndepth{a="}"} 1.5e1 1700\n', 'depth'), 15);
  t.equal(readMetric('depth NaN\n', 'depth'), undefined);
  t.equal(readMetric('depth 0', 'depth'), 0);
});
