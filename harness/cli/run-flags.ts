// The flags of `leakbed run`. Apart from what is made of them, which loads much that help and the
// other commands do not need.

import type { Scale } from '../scenario.ts';
import type { ObserverFlags } from './open-observers.ts';

/** The gateways that leakbed brings along, the default first. */
export const referenceNames = ['reference', 'reference-python'] as const;

export interface RunFlags extends ObserverFlags {
  readonly gateway?: (typeof referenceNames)[number];
  readonly profile?: string;
  readonly sink?: { readonly variable: string; readonly url: string };
  readonly sinkContainer?: string;
  readonly ledger?: string;
  readonly url?: string;
  readonly pid?: number;
  readonly container?: string;
  readonly metrics?: string;
  readonly mocks?: string;
  readonly transparent?: boolean;
  readonly leak?: string;
  readonly fault: readonly string[];
  readonly scale: Scale;
  readonly releaseWatch?: number;
  readonly seed?: number;
  readonly resume?: string;
  readonly out: string;
  readonly steady?: boolean;
  readonly budget?: string;
  readonly junit?: string;
  readonly tap?: string;
  readonly markdown?: string;
  readonly json?: boolean;
}
