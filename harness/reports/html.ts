// The report as one HTML file that needs nothing else: no network, no server, no other file. This
// file builds the document; sections.ts the parts of one scenario, page/ what runs in the browser.

import { latestCells } from '../checkers/matrix-cells.ts';
import { type Outcome, worst } from '../verdict.ts';
import { badge } from './badge.ts';
import { type Markup, markup, scriptJson } from './markup.ts';
import { matrixSection } from './matrix-section.ts';
import { contentPolicy, inlined, pageAssets } from './page-assets.ts';
import { type Part, partOf } from './report-part.ts';
import type { Reporter } from './reporter.ts';
import { scenarioSection } from './sections.ts';
import { findingWord } from './wording.ts';

export const htmlReport: Reporter = (runs) => {
  const assets = pageAssets();
  const parts = runs.map((run, index) => partOf(run, index));
  const outcome = worst(runs.map(({ verdict }) => verdict.outcome));
  const cells = latestCells(parts.map(({ record }) => record));
  const figures = parts.flatMap(({ time, work }) => [...time, ...work]);
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(assets)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${outcome}: ${runs.map(({ verdict }) => verdict.scenario).join(', ')} - leakbed</title>
${inlined('style', assets.styles)}
</head>
<body>
<a class="skip" href="#main">Skip to the verdict</a>
${top(parts, outcome)}
<main id="main">
${cells.length === 0 ? null : matrixSection(cells)}
${parts.map((part) => scenarioSection(part))}
</main>
<footer>Written by leakbed. This file is complete: it loads nothing from the network.</footer>
<script type="application/json" id="figures">${scriptJson(figures)}</script>
${inlined('script', assets.scripts)}
</body>
</html>
`;
  return page.html;
};

function top(parts: readonly Part[], outcome: Outcome): Markup {
  const [first] = parts;
  const when = first === undefined ? '' : first.record.header.startedAt.replace('T', ' ');
  const started = `${when.slice(0, 16)} UTC`;
  const scale = first?.record.header.scale ?? '';
  const cut = parts.filter(({ record }) => record.interrupted !== null);
  return markup`<header class="top">
<h1>leakbed <span>memory leak report</span></h1>
<p class="meta"><time datetime="${first?.record.header.startedAt ?? ''}">${started}</time>
 · scale ${scale}</p>
${cut.length === 0 ? null : incomplete(cut)}
${parts.length < 2 ? null : navigation(parts, outcome)}
</header>`;
}

function incomplete(parts: readonly Part[]): Markup {
  return markup`<div class="incomplete" role="alert">
<strong>Incomplete run.</strong>
${parts.map(
  ({ verdict, record }) => markup`<p>${verdict.scenario}: ${record.interrupted ?? ''}</p>`,
)}
<p>What was measured until then is shown below.</p>
</div>`;
}

function navigation(parts: readonly Part[], outcome: Outcome): Markup {
  return markup`<nav aria-label="Scenarios">
<p>${badge(outcome)} ${parts.length} scenarios</p>
<ul>
${parts.map(
  ({ anchor, verdict, record }) =>
    markup`<li><a href="#${anchor}">${badge(verdict.outcome)} <span>${record.header.title}</span>
<small>${findingWord(verdict)}</small></a></li>`,
)}
</ul>
</nav>`;
}
