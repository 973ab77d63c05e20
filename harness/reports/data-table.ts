// A table a screen reader can walk: caption, column heads and row heads with scope. On a narrow
// screen it scrolls inside its own focusable region instead of widening the page.

import { type Markup, markup } from './markup.ts';

export type Cell = string | { readonly text: string; readonly className: string };

export interface DataTable {
  readonly caption: string;
  readonly head: readonly string[];
  /** The first cell of a row is its head. */
  readonly rows: readonly (readonly Cell[])[];
}

export function dataTable({ caption, head, rows }: DataTable): Markup {
  return markup`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
<table><caption><span>${caption}</span></caption>
<thead><tr>${head.map((title) => markup`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>
${rows.map(([first, ...rest]) => markup`<tr>${rowHead(first ?? '')}${rest.map(cell)}</tr>`)}
</tbody></table></div>`;
}

function rowHead(content: Cell): Markup {
  if (typeof content === 'string') return markup`<th scope="row">${content}</th>`;
  return markup`<th scope="row" class="${content.className}">${content.text}</th>`;
}

function cell(content: Cell): Markup {
  if (typeof content === 'string') return markup`<td>${content}</td>`;
  return markup`<td class="${content.className}">${content.text}</td>`;
}
