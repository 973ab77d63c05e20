// One scenario of the HTML report, from the verdict in a sentence down to how to repeat the run.

import { metrics } from '../series/metrics.ts';
import type { Verdict } from '../verdict.ts';
import { adviceOf } from './advice.ts';
import { badge } from './badge.ts';
import { dataTable } from './data-table.ts';
import { detailSections } from './detail-sections.ts';
import type { Figure } from './figure.ts';
import { figureElement } from './figure-element.ts';
import { type Markup, markup } from './markup.ts';
import { absent, writeBytes, writeMs, writeNumber, writeRate, writeValue } from './numbers.ts';
import type { Part } from './report-part.ts';
import { headline, metricLabels, principalResource } from './wording.ts';

export function scenarioSection(part: Part): Markup {
  const { anchor, verdict, record, time, work } = part;
  const [first, second] = headline(verdict);
  const latency = time.filter((figure) => figure.id.endsWith('-latency'));
  const measured = time.filter((figure) => !latency.includes(figure));
  return markup`<section id="${anchor}" class="scenario" aria-labelledby="${anchor}-title">
<div class="verdict ${verdict.outcome}">
<p class="state">${badge(verdict.outcome)} <span>${verdict.scenario}</span>
${record.interrupted === null ? null : markup`<strong class="cut">incomplete</strong>`}</p>
<h2 id="${anchor}-title">${first}</h2>
${second === '' ? null : markup`<p class="reason">${second}</p>`}
${keyFigures(verdict)}
</div>
${advice(verdict)}
${warnings(verdict)}
${resources(verdict)}
${suspects(verdict)}
${plots('Levels against work', work, levelsIntroduction)}
${plots('Over time', measured, '')}
${detailSections(part, latency.map(figureElement))}
</section>`;
}

const levelsIntroduction =
  'Each point is the level the gateway settled at after a cycle of requests, with nothing in ' +
  'flight and garbage collected. A leak follows the dashed line or rises above it.';

function keyFigures(verdict: Verdict): Markup {
  const principal = principalResource(verdict);
  const unit = principal === null ? 'bytes' : metrics[principal.metric].unit;
  const resolution = principal?.resolution ?? null;
  const { latency, requests, recovery, retainedBytesPerRequest: retained } = verdict;
  const figures: readonly (readonly [name: string, value: string, detail: string])[] = [
    ['Kept per request', ...split(writeRate(retained, 'bytes'))],
    [
      'Resolution',
      resolution === null ? absent : writeValue(resolution, unit),
      principal === null ? '' : `per request, ${metricLabels[principal.metric]}`,
    ],
    ['Requests', String(requests.total), `${requests.failed} failed, ${requests.aborted} aborted`],
    ['Time to first token', writeMs(latency.ttftP50Ms), `p99 ${writeMs(latency.ttftP99Ms)}`],
    ['End to end', writeMs(latency.endToEndP50Ms), `p99 ${writeMs(latency.endToEndP99Ms)}`],
    ...(recovery === null
      ? []
      : [
          [
            'Recovery',
            writeMs(recovery.seconds * 1000),
            `${writeBytes(recovery.residualBytes)} above baseline`,
          ] as const,
        ]),
  ];
  return markup`<dl class="key">
${figures.map(
  ([name, value, detail]) =>
    markup`<div><dt>${name}</dt><dd>${value}</dd><dd class="detail">${detail}</dd></div>`,
)}
</dl>`;
}

/** `1024 B [1023.1, 1025.6]` as figure and detail. */
function split(rate: string): readonly [string, string] {
  const at = rate.indexOf(' [');
  return at === -1 ? [rate, ''] : [rate.slice(0, at), `interval ${rate.slice(at + 1)}`];
}

function advice(verdict: Verdict): Markup | null {
  const sentences = adviceOf(verdict);
  if (sentences.length === 0) return null;
  return markup`<section class="advice"><h3>What to do</h3>
<ul>${sentences.map((sentence) => markup`<li>${sentence}</li>`)}</ul></section>`;
}

function warnings({ warnings: texts }: Verdict): Markup | null {
  if (texts.length === 0) return null;
  return markup`<section class="warnings"><h3>Warnings</h3>
<ul>${texts.map((text) => markup`<li>${text}</li>`)}</ul></section>`;
}

function resources(verdict: Verdict): Markup {
  if (verdict.resources.length === 0) return markup`<p>No resource was judged.</p>`;
  const rows = verdict.resources.map((resource) => {
    const { unit } = metrics[resource.metric];
    return [
      metricLabels[resource.metric],
      { text: resource.finding, className: `finding ${resource.finding}` },
      { text: writeRate(resource.perRequest, unit), className: 'number' },
      {
        text: resource.resolution === null ? absent : writeValue(resource.resolution, unit),
        className: 'number',
      },
      {
        text: resource.exponent === null ? absent : resource.exponent.toFixed(2),
        className: 'number',
      },
      { text: resource.reason, className: 'wide' },
    ];
  });
  const confidence = verdict.resources.find((resource) => resource.perRequest !== null);
  const sure = confidence?.perRequest?.confidence;
  const rate = sure === undefined ? '' : `, with its ${writeNumber(sure * 100)} % interval`;
  return markup`<section><h3>What each resource did</h3>
${dataTable({
  caption:
    `Change per request${rate}; the resolution, which is the smallest leak the run could have seen; growth exponent ` +
    '(1 a leak, 0.5 a square root, 0 a logarithm).',
  head: ['Resource', 'Finding', 'Per request', 'Resolution', 'Exponent', 'Why'],
  rows,
})}</section>`;
}

function suspects({ suspects: found }: Verdict): Markup | null {
  if (found.length === 0) return null;
  return markup`<section><h3>Who keeps the memory</h3>
${dataTable({
  caption:
    'Functions by what they allocated and is still alive; variables and collections by what they hold.',
  head: ['Name', 'Kind', 'Place', 'Kept per request', 'How'],
  rows: found.map(({ name, kind, file, line, bytesPerRequest, path }) => [
    { text: name, className: 'code' },
    kind,
    { text: `${file}:${line}`, className: 'code' },
    { text: writeBytes(bytesPerRequest), className: 'number' },
    { text: path ?? 'allocated there', className: 'wide' },
  ]),
})}</section>`;
}

function plots(title: string, figures: readonly Figure[], introduction: string): Markup | null {
  if (figures.length === 0) return null;
  return markup`<section><h3>${title}</h3>
${introduction === '' ? null : markup`<p class="introduction">${introduction}</p>`}
<div class="figures">${figures.map(figureElement)}</div></section>`;
}
