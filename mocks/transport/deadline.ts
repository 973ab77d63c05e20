// Deadlines of gRPC calls: the server ends a call when its time is up, whatever its fault or script
// still holds, and lets go of it at once. Source: grpc/doc/PROTOCOL-HTTP2.md, "grpc-timeout".

import type { Clock } from '../../injectors/determinism.ts';
import type { Exchange } from './exchange.ts';

const unitMs = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 0.001, n: 0.000_001 } as const;

/** Milliseconds of a `grpc-timeout` header; undefined when there is none that can be read. */
export function grpcTimeoutMs(header: unknown): number | undefined {
  const match = /^(\d{1,8})([HMSmun])$/.exec(String(header));
  const [, amount, unit] = match ?? [];
  if (unit === undefined) return undefined;
  return Number(amount) * unitMs[unit as keyof typeof unitMs];
}

export interface ExpiringExchange extends Exchange {
  /** Ends the call with DEADLINE_EXCEEDED, or resets it where the client does not read. */
  expire(): void;
}

/** The exchange closes for its users when the time is up, before the stream itself has closed. */
export function withDeadline(
  exchange: ExpiringExchange,
  timeoutMs: number | undefined,
  clock: Clock,
): Exchange {
  if (timeoutMs === undefined) return exchange;
  let isOver = false;
  let closers: (() => void)[] = [];
  const close = () => {
    isOver = true;
    const due = closers;
    closers = [];
    for (const closer of due) closer();
  };
  const cancel = clock.after(timeoutMs, () => {
    close();
    exchange.expire();
  });
  exchange.onClose(() => {
    cancel();
    close();
  });
  return {
    head(status, headers) {
      if (!isOver) exchange.head(status, headers);
    },
    write: (bytes) => isOver || exchange.write(bytes),
    fail(...error) {
      if (!isOver) exchange.fail(...error);
    },
    finish(ending) {
      if (!isOver) exchange.finish(ending);
    },
    onDrain: exchange.onDrain,
    onClose(callback) {
      if (isOver) callback();
      else closers.push(callback);
    },
  };
}
