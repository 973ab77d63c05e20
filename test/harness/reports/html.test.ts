// The HTML report as text: complete in itself, safe against what gateways say, bounded in size.

import { createHash } from 'node:crypto';
import { test } from 'tap';
import { htmlReport } from '../../../harness/reports/html.ts';
import {
  buildFinding,
  buildLeakVerdict,
  buildRecord,
  buildVerdict,
} from '../../fixtures/record.ts';

const clean = { verdict: buildVerdict(), record: buildRecord() };

interface PageFigure {
  readonly id: string;
  readonly series: readonly { label: string; style: string; x: number[]; y: number[] }[];
  readonly windows: readonly { label: string; fromS: number; toS: number }[];
}

function figuresOf(html: string): PageFigure[] {
  const found = /<script type="application\/json" id="figures">(.*?)<\/script>/s.exec(html);
  return JSON.parse(found?.[1] ?? '');
}

test('the page reaches nothing outside itself, by content and by policy', async (t) => {
  const html = htmlReport([clean]);
  t.match(html, `content="default-src &#39;none&#39;; script-src &#39;sha256-`);
  t.notMatch(html, /<(?:link|img|iframe|object|base)\b/);
  t.notMatch(html, /\s(?:src|style|on\w+)="/);
  t.notMatch(html, /@import|url\(/);
});

test('the policy admits exactly the scripts and styles in the page', async (t) => {
  const html = htmlReport([clean]);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
  const inline = [...html.matchAll(/<(script|style)>(.*?)<\/\1>/gs)];
  t.equal(inline.length, 8);
  for (const [, tag, text = ''] of inline) {
    const hash = createHash('sha256').update(text).digest('base64');
    t.ok(policy.includes(`sha256-${hash}`), `${tag} of ${text.length} characters`);
  }
});

test('hostile text from a gateway stays text, in markup and in the data', async (t) => {
  const hostile = `</script><script>alert(1)</script><!--<img src=x onerror=alert(1)>"'&`;
  const [row] = clean.record.requests;
  if (row === undefined) throw new Error('The fixture has requests.');
  const record = buildRecord(
    {},
    {
      requests: [{ ...row, arm: hostile, outcome: 'error', error: hostile }],
      injections: [{ fault: hostile, what: hostile, startMs: 1, endMs: null }],
      warnings: [hostile],
      interrupted: hostile,
    },
  );
  const verdict = buildVerdict({ scenario: hostile, reason: hostile, warnings: [hostile] });
  const html = htmlReport([{ verdict, record }]);
  t.notMatch(html, '<script>alert');
  t.notMatch(html, '<img');
  t.equal(figuresOf(html)[0]?.windows[0]?.label, hostile, 'the data still says what was said');
  const plain = htmlReport([clean]);
  t.equal(html.split('</script').length, plain.split('</script').length);
});

test('an incomplete run says so before anything else, a complete one does not', async (t) => {
  const record = buildRecord({}, { interrupted: 'Stopped by Ctrl-C.' });
  const html = htmlReport([{ ...clean, record }]);
  t.match(html, /<strong>Incomplete run\.<\/strong>\s*<p>streaming-connections: Stopped by Ctrl-C/);
  t.ok(html.indexOf('Incomplete run') < html.indexOf('id="main"'));
  t.notMatch(htmlReport([clean]), /Incomplete run/);
});

test('several scenarios share one page with links to each', async (t) => {
  const leak = { verdict: buildLeakVerdict(), record: buildRecord({ heapBytesPerRequest: 1024 }) };
  const html = htmlReport([clean, leak]);
  t.match(html, '<title>fail: streaming-connections, streaming-connections - leakbed</title>');
  for (const anchor of ['s1', 's2']) {
    t.match(html, `<a href="#${anchor}">`);
    t.match(html, `<section id="${anchor}"`);
  }
  t.notMatch(htmlReport([clean]), /<nav/);
});

test('ids are unique, headings step down by one and every head cell has a scope', async (t) => {
  const leak = { verdict: buildLeakVerdict(), record: buildRecord({ withQueue: true }) };
  const html = htmlReport([clean, leak]).replace(/<script>.*?<\/script>/gs, '');
  const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
  t.same(ids, [...new Set(ids)]);
  let before = 0;
  for (const [, digit] of html.matchAll(/<h(\d)\b/g)) {
    t.ok(Number(digit) <= before + 1, `h${digit} after h${before}`);
    before = Number(digit);
  }
  t.notMatch(html, /<th(?! scope="(?:col|row)")[ >]/);
  for (const [plot] of html.matchAll(/<div class="plot"[^>]*>/g)) {
    t.match(plot, /role="img" aria-label="[^"]{20,}"/);
  }
});

test('a leaking level is drawn with the slope of the verdict', async (t) => {
  const record = buildRecord({ heapBytesPerRequest: 1024 });
  const figures = figuresOf(htmlReport([{ verdict: buildLeakVerdict(), record }]));
  const heap = figures.find((figure) => figure.id === 's1-level-heapBytes');
  t.same(
    heap?.series.map(({ label, style }) => [label, style]),
    [
      ['level', 'points'],
      ['slope', 'trend'],
    ],
  );
  const trend = heap?.series[1];
  const rise = (trend?.y[1] ?? 0) - (trend?.y[0] ?? 0);
  const run = (trend?.x[1] ?? 0) - (trend?.x[0] ?? 0);
  t.equal(Math.round((rise * 1024 ** 2) / run), 1024, 'MiB over requests, as bytes');
  const farthest = Math.max(
    ...(heap?.series[0]?.x.map((x, index) => {
      const share = (x - (trend?.x[0] ?? 0)) / run;
      return Math.abs((heap.series[0]?.y[index] ?? 0) - (trend?.y[0] ?? 0) - share * rise);
    }) ?? []),
  );
  t.ok(farthest < 1e-3, `the points lie on the line, at most ${farthest} MiB from it`);
});

test('a clean level is drawn with the smallest leak the run would have seen', async (t) => {
  const record = buildRecord();
  const clean = buildFinding({ metric: 'heapBytes', finding: 'clean', resolution: 128 });
  const verdict = buildVerdict({ resources: [clean] });
  const figures = figuresOf(htmlReport([{ verdict, record }]));
  const heap = figures.find((figure) => figure.id === 's1-level-heapBytes');
  t.match(heap?.series.at(-1), { label: 'smallest visible leak', style: 'limit' });
});

test('thousands of short injections are joined, so windows stay few and readable', async (t) => {
  const injections = Array.from({ length: 5000 }, (_, index) => ({
    fault: 'stall',
    what: `stream ${index}`,
    startMs: 10_000 + index,
    endMs: 10_002 + index,
  }));
  const far = { fault: 'stall', what: 'a late one', startMs: 30_000, endMs: null };
  const record = buildRecord({}, { injections: [...injections, far] });
  const html = htmlReport([{ ...clean, record }]);
  t.same(figuresOf(html).find((figure) => figure.id === 's1-memory')?.windows, [
    { label: 'stall', fromS: 10, toS: 15.001 },
    { label: 'stall', fromS: 30, toS: 40 },
  ]);
  t.match(html, 'never healed');
});

test('an hour at 10 Hz gives a page below 1 MB with no series above 2,000 points', async (t) => {
  const record = buildRecord({ sampleCount: 36_000, durationMs: 3_600_000, withQueue: true });
  const html = htmlReport([{ ...clean, record }]);
  t.ok(html.length < 1024 * 1024, `${html.length} characters`);
  for (const { id, series } of figuresOf(html)) {
    for (const { label, x } of series) t.ok(x.length <= 2000, `${id}: ${label}, ${x.length}`);
  }
});

test('a run that measured nothing still gives a page that says so', async (t) => {
  const record = buildRecord(
    {},
    { samples: [], levels: [], requests: [], injections: [], phases: [], interrupted: 'At once.' },
  );
  const verdict = buildVerdict({
    outcome: 'inconclusive',
    finding: 'undecided',
    reason: 'The gateway did not start.',
    resources: [],
    checks: [],
    retainedBytesPerRequest: null,
  });
  const html = htmlReport([{ verdict, record }]);
  t.match(html, 'The gateway did not start.');
  t.notMatch(html, 'Undecided: ');
  t.match(html, 'No resource was judged.');
  t.same(figuresOf(html), []);
});

test('credentials in the gateway settings do not reach the page', async (t) => {
  const header = {
    ...clean.record.header,
    gateway: { apiKey: 'hunter2', command: 'gw --token hunter2' },
    command: 'leakbed run --api-key hunter2',
  };
  t.notMatch(htmlReport([{ ...clean, record: buildRecord({}, { header }) }]), /hunter2/);
});

test('a run that fails without a leak is headed by its reason, not by "Clean"', async (t) => {
  const verdict = buildVerdict({ outcome: 'fail', reason: 'Three billing events were lost.' });
  const html = htmlReport([{ ...clean, verdict }]);
  t.match(html, />Three billing events were lost\.<\/h2>\s*<p class="reason">Clean: /);
  t.match(htmlReport([clean]), />Clean: [^<]*<\/h2>/);
});
