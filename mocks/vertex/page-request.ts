// Page size and token of a list request, over gRPC a number, over REST text.

import { ProviderError } from '../provider.ts';
import type { Fields } from './json.ts';

const usualSize = 100;
const largestSize = 1000;

export function readPage(fields: Fields): { readonly size: number; readonly token: string } {
  const wanted = Number(fields('pageSize') ?? 0);
  if (!Number.isInteger(wanted) || wanted < 0) {
    throw new ProviderError('INVALID_ARGUMENT', 'page_size must not be negative.');
  }
  const token = fields('pageToken');
  return {
    size: Math.min(wanted === 0 ? usualSize : wanted, largestSize),
    token: typeof token === 'string' ? token : '',
  };
}
