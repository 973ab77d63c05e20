// Pages of a list operation: `maxResults` and an opaque `nextToken`, as all of them take.

import { ProviderError } from '../provider.ts';
import { createConstraints } from './constraints.ts';

const mostResults = 1000;

interface PageAsked {
  readonly from: number;
  readonly count: number;
}

/** Refuses a size or token that the service would not have given. */
export function readPage(query: URLSearchParams): PageAsked {
  const constraints = createConstraints();
  const size = query.get('maxResults');
  const count = size === null ? mostResults : Number(size);
  if (!Number.isInteger(count)) {
    throw new ProviderError('SerializationException', 'maxResults must be an integer');
  }
  constraints.range(count, 'maxResults', 1, mostResults);
  constraints.check();
  const token = query.get('nextToken');
  if (token === null) return { from: 0, count };
  const from = Number(/^page:(\d{1,9})$/.exec(Buffer.from(token, 'base64').toString())?.[1]);
  if (Number.isNaN(from)) throw new ProviderError('validation', 'The nextToken is invalid.');
  return { from, count };
}

export function pageOf<T>(
  all: readonly T[],
  query: URLSearchParams,
): { readonly items: readonly T[]; readonly nextToken: string | undefined } {
  const { from, count } = readPage(query);
  const end = from + count;
  const nextToken = end < all.length ? Buffer.from(`page:${end}`).toString('base64') : undefined;
  return { items: all.slice(from, end), nextToken };
}
