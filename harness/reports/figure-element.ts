// The element a plot is drawn into, and the same plot in words and figures for whoever cannot see
// it or runs no scripts.

import { dataTable } from './data-table.ts';
import type { Figure, FigureSeries } from './figure.ts';
import { type Markup, markup } from './markup.ts';
import { writeNumber } from './numbers.ts';

export function figureElement(figure: Figure): Markup {
  const { id, title, note, series, yLabel } = figure;
  const shaded = shadedText(figure);
  const description = `${title}: ${yLabel} against ${figure.xLabel}. ${note} ${shaded ?? ''}`;
  return markup`<figure class="${figure.isSmall ? 'small' : 'large'}">
<figcaption><h4>${title}</h4>${note === '' ? null : markup`<p class="note">${note}</p>`}</figcaption>
<div class="plot" id="${id}" role="img" aria-label="${description.trim()}"></div>
${shaded === null ? null : markup`<p class="faults">${shaded}</p>`}
<details><summary>In figures</summary>
${dataTable({
  caption: `${title}, ${yLabel}`,
  head: ['Series', 'First', 'Lowest', 'Highest', 'Last'],
  rows: series.map(summary),
})}</details>
</figure>`;
}

const namedWindows = 6;

/** Narrow windows have no room for their name inside the plot, so all are named below it. */
function shadedText({ windows }: Figure): string | null {
  if (windows.length === 0) return null;
  const named = windows
    .slice(0, namedWindows)
    .map(({ label, fromS, toS }) => `${label} ${writeNumber(fromS)} to ${writeNumber(toS)} s`);
  const rest = windows.length - named.length;
  return `Shaded: ${named.join(', ')}${rest > 0 ? `, and ${rest} more listed under Faults` : ''}.`;
}

function summary({ label, y }: FigureSeries) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of y) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const figures = [y[0] ?? Number.NaN, low, high, y.at(-1) ?? Number.NaN];
  return [label, ...figures.map((value) => ({ text: writeNumber(value), className: 'number' }))];
}
