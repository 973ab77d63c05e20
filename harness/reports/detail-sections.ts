// The lower half of a scenario in the HTML report: latency, checks, faults, and what it takes to
// run the same again.

import type { CheckResult, Evidence } from '../verdict.ts';
import { badge } from './badge.ts';
import { dataTable } from './data-table.ts';
import { faultSpans } from './fault-windows.ts';
import { commonErrors, latencyByArm } from './latency-table.ts';
import { type Markup, markup } from './markup.ts';
import { writeBytes, writeMs, writeNumber } from './numbers.ts';
import type { Part } from './report-part.ts';
import { durationMs } from './reporter.ts';

export function detailSections(part: Part, latencyPlots: readonly Markup[]): Markup {
  return markup`${latency(part, latencyPlots)}
${checks(part.verdict.checks)}
${faults(part)}
${repeat(part)}`;
}

function latency({ record }: Part, plots: readonly Markup[]): Markup | null {
  const arms = latencyByArm(record.requests);
  if (arms.length === 0) return null;
  const number = (text: string) => ({ text, className: 'number' });
  const errors = commonErrors(record.requests);
  return markup`<section><h3>Latency</h3>
${dataTable({
  caption: 'By kind of work: medians and 99th percentiles; end to end of complete answers only.',
  head: ['Work', 'Requests', 'Aborted', 'Errors', 'TTFT p50', 'p99', 'End to end p50', 'p99'],
  rows: arms.map((arm) => [
    arm.arm,
    number(String(arm.requestCount)),
    number(String(arm.abortedCount)),
    number(String(arm.errorCount)),
    number(writeMs(arm.ttftP50Ms)),
    number(writeMs(arm.ttftP99Ms)),
    number(writeMs(arm.endToEndP50Ms)),
    number(writeMs(arm.endToEndP99Ms)),
  ]),
})}
<div class="figures">${plots}</div>
${
  errors.length === 0
    ? null
    : dataTable({
        caption: 'Errors the client saw, most frequent first.',
        head: ['Error', 'Requests'],
        rows: errors.map(({ text, count }) => [{ text, className: 'code' }, number(String(count))]),
      })
}</section>`;
}

function checks(results: readonly CheckResult[]): Markup | null {
  if (results.length === 0) return null;
  return markup`<section><h3>Checks</h3>
<ul class="checks">
${results.map(
  ({ checker, outcome, reason, evidence, warnings }) => markup`<li>
<h4>${badge(outcome)} ${checker}</h4>
<p>${reason}</p>
${warnings.map((warning) => markup`<p class="warning">${warning}</p>`)}
${evidence.length === 0 ? null : evidenceList(evidence)}</li>`,
)}
</ul></section>`;
}

/** More than this is looked up, not read. */
const evidenceInSight = 6;

function evidenceList(evidence: readonly Evidence[]): Markup {
  const list = markup`<dl class="evidence">
${evidence.map(({ label, value, unit }) => {
  const figure = typeof value === 'number' ? writeNumber(value) : value;
  return markup`<div><dt>${label}</dt><dd>${figure} ${unit ?? ''}</dd></div>`;
})}
</dl>`;
  if (evidence.length <= evidenceInSight) return list;
  return markup`<details><summary>${evidence.length} figures of evidence</summary>${list}</details>`;
}

function faults({ record }: Part): Markup | null {
  const spans = faultSpans(record.injections, durationMs(record));
  if (spans.length === 0 && record.header.faults.length === 0) return null;
  const plan = record.header.faults.join(' · ');
  return markup`<section><h3>Faults</h3>
${plan === '' ? null : markup`<p class="introduction">Plan: <code>${plan}</code></p>`}
${
  spans.length === 0
    ? markup`<p>None of them acted.</p>`
    : dataTable({
        caption: 'When they really acted; neighbouring injections of one fault are joined.',
        head: ['Fault', 'From', 'To', 'Injections', 'What'],
        rows: spans.map((span) => [
          span.label,
          { text: `${writeNumber(span.fromS)} s`, className: 'number' },
          {
            text: span.isHealed ? `${writeNumber(span.toS)} s` : 'never healed',
            className: 'number',
          },
          { text: String(span.injectionCount), className: 'number' },
          { text: span.what, className: 'wide' },
        ]),
      })
}</section>`;
}

function repeat({ verdict, record }: Part): Markup {
  const { header } = record;
  const groups: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ['Run', { id: header.id, seed: header.seed, scale: header.scale, started: header.startedAt }],
    ['Versions', header.versions],
    ['Machine', header.machine],
    ['Gateway', header.gateway],
    ['Facts', record.facts],
  ];
  return markup`<section><h3>How to repeat</h3>
<pre tabindex="0"><code>${verdict.repeat}</code></pre>
<div class="facts">
${groups
  .filter(([, entries]) => Object.keys(entries).length > 0)
  .map(
    ([title, entries]) => markup`<div><h4>${title}</h4><dl>
${Object.entries(entries).map(
  ([name, value]) => markup`<dt>${name}</dt><dd>${factText(name, value)}</dd>`,
)}</dl></div>`,
  )}
</div></section>`;
}

function factText(name: string, value: unknown): string {
  return typeof value === 'number' && name.endsWith('Bytes') ? writeBytes(value) : String(value);
}
