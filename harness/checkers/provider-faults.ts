// Which requests ran while a fault of the fake providers was in force. Their failures are what the
// fault is for, so they are told and not held against the gateway. Read from the journal of what
// really acted, so that a stored run is judged like a fresh one.

import { placeOf } from '../../injectors/family.ts';
import { parseFaultWords } from '../../injectors/plan.ts';
import { findInjector } from '../../injectors/registry.ts';
import type { Injection, RequestRow, RunRecord } from '../record.ts';

export interface ProviderFaults {
  /** As written on the command line, each once; empty when the providers behaved. */
  readonly names: readonly string[];
  /** True when the request was under way while such a fault was in force. */
  covers(row: RequestRow): boolean;
}

/** A fault that was never healed stays in force to the end. */
export function providerFaults({ injections }: RunRecord): ProviderFaults {
  const windows = injections.filter(isOfProvider);
  return {
    names: [...new Set(windows.map(({ fault }) => fault))],
    covers: ({ startMs, endMs }) =>
      windows.some((window) => startMs <= (window.endMs ?? Infinity) && endMs >= window.startMs),
  };
}

/** Client faults and stalls of billing explain no error of a provider; `noop` explains nothing. */
function isOfProvider({ fault }: Injection): boolean {
  const injector = findInjector(parseFaultWords(fault).fault);
  if (injector === undefined || injector.name === 'noop') return false;
  return placeOf(injector.family) === 'answer';
}
