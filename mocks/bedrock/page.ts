// Queries of list operations: their filters, and pages by `maxResults` and an opaque `nextToken`.

import { ProviderError } from '../provider.ts';
import { checkMembers, type Members } from './shape.ts';

const mostResults = 1000;

export const pageMembers: Members = {
  maxResults: { type: 'integer', min: 1, max: mostResults },
  nextToken: { type: 'string', min: 1, max: 2048, pattern: '\\S*' },
};

/** Refuses filters, a size or a token that the service would not have taken or given. */
export function checkQuery(query: URLSearchParams, members: Members): void {
  const { maxResults, ...texts } = Object.fromEntries(query);
  const size = maxResults === undefined ? undefined : Number(maxResults);
  checkMembers({ ...texts, maxResults: size }, members);
  startOf(query);
}

function startOf(query: URLSearchParams): number {
  const token = query.get('nextToken');
  if (token === null) return 0;
  const start = Number(/^page:(\d{1,9})$/.exec(Buffer.from(token, 'base64').toString())?.[1]);
  if (Number.isNaN(start)) throw new ProviderError('validation', 'The nextToken is invalid.');
  return start;
}

export function pageOf<T>(
  all: readonly T[],
  query: URLSearchParams,
): { readonly items: readonly T[]; readonly nextToken: string | undefined } {
  const from = startOf(query);
  const end = from + Number(query.get('maxResults') ?? mostResults);
  const nextToken = end < all.length ? Buffer.from(`page:${end}`).toString('base64') : undefined;
  return { items: all.slice(from, end), nextToken };
}
