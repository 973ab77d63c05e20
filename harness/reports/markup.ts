// A template tag for HTML in which every inserted string is escaped unless it is markup already.
// Reports quote text from gateways and SDKs, so safe must be the short way to write it.

import { plainText } from './wording.ts';

export interface Markup {
  readonly html: string;
}

type Part = string | number | Markup | readonly Markup[] | null;

/** `markup\`<p>${untrusted}</p>\``; null leaves nothing, a list is joined. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let html = strings[0] ?? '';
  for (const [index, part] of parts.entries()) html += written(part) + (strings[index + 1] ?? '');
  return { html };
}

function written(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return escapeHtml(part);
  return 'html' in part ? part.html : part.map((each) => each.html).join('\n');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return plainText(text).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/**
 * JSON that may stand inside a script element: with no `<` in it there is neither an end tag nor
 * the start of a comment (HTML standard, "Restrictions for contents of script elements").
 */
export function scriptJson(value: unknown): Markup {
  return { html: JSON.stringify(value).replaceAll('<', '\\u003c') };
}
