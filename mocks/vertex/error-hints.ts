// What a fault adds to an error of Google's: which google.rpc details come with it, and when
// the client may try again. Source: google/rpc/error_details.proto.

import type { ErrorHints } from '../../injectors/stream.ts';
import { type ErrorDetail, type GoogleError, googleError } from './errors.ts';

const typeOf = (name: string) => `type.googleapis.com/google.rpc.${name}`;

export function withHints(error: GoogleError, hints: ErrorHints | undefined): GoogleError {
  if (hints === undefined) return error;
  const { retryAfterMs, details: names, errorInfo } = hints;
  if (errorInfo !== undefined) {
    return { ...error, details: [{ '@type': typeOf('ErrorInfo'), ...errorInfo }] };
  }
  // An exhausted quota has one of each.
  const known = googleError('quota', '').details;
  const wanted = names?.flatMap((name) => known.filter((one) => one['@type'] === typeOf(name)));
  const details = wanted ?? error.details;
  if (retryAfterMs === undefined) return { ...error, details };
  const retryInfo: ErrorDetail = {
    '@type': typeOf('RetryInfo'),
    retryDelay: `${retryAfterMs / 1000}s`,
  };
  const others = details.filter((detail) => detail['@type'] !== retryInfo['@type']);
  return { ...error, details: [...others, retryInfo] };
}
