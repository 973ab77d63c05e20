// The client's stream of InvokeModelWithBidirectionalStream: each message an SDK sends is an outer
// one that is signed (`:date`, `:chunk-signature`) around a whole inner one, the last one empty.
// The one place that takes them apart, so that signatures are checked here and nowhere else.

import {
  createEventDecoder,
  EventStreamError,
  type ReceivedMessage,
} from '../codec/eventstream-decoder.ts';
import { ProviderError, type VerifyEvent } from '../provider.ts';

/** Bytes in one part, decoded. */
const maxPartBytes = 1_000_000;

export interface OuterEvents {
  /** What the parts hold that these bytes complete; throws a ProviderError on a bad one. */
  parts(bytes: Buffer): Iterable<Buffer>;
  end(): void;
}

export function createOuterEvents(verify: VerifyEvent | undefined): OuterEvents {
  const decoder = createEventDecoder();
  let hasEnded = false;
  return {
    *parts(bytes) {
      const messages = decoder.push(bytes);
      for (;;) {
        const { value: message, done } = decoded(() => messages.next());
        if (done) return;
        if (hasEnded) throw refused('A message follows the one that ends the stream.');
        const inner = unwrap(message, verify);
        if (inner === undefined) hasEnded = true;
        else yield partOf(inner);
      }
    },
    end: () => decoded(() => decoder.end()),
  };
}

/** The inner message; undefined for the empty one at the end. Unsigned clients send it bare. */
function unwrap(
  outer: ReceivedMessage,
  verify: VerifyEvent | undefined,
): ReceivedMessage | undefined {
  const { headers, payload } = outer;
  const date = headers.get(':date');
  const signature = headers.get(':chunk-signature');
  const isSigned = date instanceof Date && Buffer.isBuffer(signature);
  if (!isSigned) {
    if (verify !== undefined) throw new ProviderError('InvalidSignatureException', '');
    return payload.length === 0 ? undefined : outer;
  }
  check(verify, { date, signature, payload });
  if (payload.length === 0) return undefined;
  const inner = createEventDecoder();
  const [message, ...more] = decoded(() => [...inner.push(payload)]);
  decoded(() => inner.end());
  if (message === undefined || more.length > 0) {
    throw refused('A signed message must hold exactly one message.');
  }
  return message;
}

function check(verify: VerifyEvent | undefined, event: Parameters<VerifyEvent>[0]): void {
  try {
    verify?.(event);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    throw new ProviderError('InvalidSignatureException', message);
  }
}

function partOf({ headers, payload }: ReceivedMessage): Buffer {
  const type = headers.get(':event-type');
  if (headers.get(':message-type') !== 'event' || type !== 'chunk') {
    throw refused(`There is no event of type ${String(type)} in this stream.`);
  }
  const bytes = bytesOf(payload);
  if (bytes.length <= maxPartBytes) return bytes;
  const rule = `Member must have length less than or equal to ${maxPartBytes}`;
  throw refused(
    `1 validation error detected: Value at 'chunk.bytes' failed to satisfy constraint: ${rule}`,
  );
}

function bytesOf(payload: Buffer): Buffer {
  let value: unknown;
  try {
    value = JSON.parse(payload.toString());
  } catch {
    throw new ProviderError('SerializationException', 'Unable to parse the request body as JSON.');
  }
  const bytes = (value as { readonly bytes?: unknown } | null)?.bytes;
  if (typeof bytes === 'string') return Buffer.from(bytes, 'base64');
  throw refused(
    "1 validation error detected: Value null at 'chunk.bytes' failed to satisfy constraint: Member must not be null",
  );
}

function decoded<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof EventStreamError ? refused(error.message) : error;
  }
}

function refused(message: string): ProviderError {
  return new ProviderError('validation', message);
}
