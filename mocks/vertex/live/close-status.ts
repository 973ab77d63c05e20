// How the Live API spells errors: a close frame, whose code says no more than whose fault it was.
// Codes as seen from the service: 1007 bad data, 1008 model, policy or age, 1011 internal or quota.

import type { CloseStatus } from '../../transport/close-frame.ts';
import { googleError } from '../errors.ts';

const codes: Readonly<Record<string, number>> = {
  INVALID_ARGUMENT: 1007,
  OUT_OF_RANGE: 1007,
  CANCELLED: 1008,
  NOT_FOUND: 1008,
  PERMISSION_DENIED: 1008,
  UNAUTHENTICATED: 1008,
  FAILED_PRECONDITION: 1008,
  ABORTED: 1008,
  UNIMPLEMENTED: 1008,
};

export function closeStatus(name: string, message: string): CloseStatus {
  const { status, message: reason } = googleError(name, message);
  return { code: codes[status] ?? 1011, reason };
}
