// An outcome as symbol, word and colour: each says the same, so none of them is needed.

import type { Outcome } from '../verdict.ts';
import { type Markup, markup } from './markup.ts';

const symbols: Readonly<Record<Outcome, string>> = { pass: '✓', fail: '✕', inconclusive: '?' };

export function badge(outcome: Outcome): Markup {
  return markup`<span class="badge ${outcome}"><span aria-hidden="true">${symbols[outcome]}</span>
${outcome}</span>`;
}
