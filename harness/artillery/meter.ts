// What became of requests, in Artillery's counters, rates and histograms, in all and by name.

import type { GatewayAnswer } from '../load/answer.ts';
import type { ArtilleryEvents } from './artillery.ts';

export interface Meter {
  asked(name: string): void;
  answered(name: string, answer: GatewayAnswer): void;
  fault(name: string): void;
}

export function createMeter(events: ArtilleryEvents): Meter {
  const count = (metric: string, value = 1) => events.emit('counter', `leakbed.${metric}`, value);
  const measure = (metric: string, name: string, ms: number) => {
    events.emit('histogram', `leakbed.${metric}`, ms);
    events.emit('histogram', `leakbed.${metric}.${name}`, ms);
  };
  return {
    asked(name) {
      count('requests');
      count(`requests.${name}`);
      events.emit('rate', 'leakbed.request_rate');
    },
    answered(name, { outcome, status, eventCount, byteCount, ttftMs, startMs, endMs, error }) {
      count(outcome);
      count(`${outcome}.${name}`);
      if (status !== null) count(`codes.${status}`);
      count('events', eventCount);
      count('bytes', byteCount);
      if (ttftMs !== null) measure('ttft', name, ttftMs);
      // An answer that was left has no time of its own.
      if (outcome === 'ok') measure('response_time', name, endMs - startMs);
      if (outcome === 'error') events.emit('error', errorCode(error ?? ''));
    },
    fault: (name) => count(`faults.${name}`),
  };
}

/** The kind of an error without what differs each time, or each would be a metric of its own. */
function errorCode(text: string): string {
  return /^(?:HTTP \d+|[A-Z][A-Z0-9_]+)/.exec(text)?.[0] ?? 'incomplete answer';
}
