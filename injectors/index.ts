// The explicit list of injectors. One line per fault: typed, ordered, greppable.

import { billingStall } from './ambient/billing-stall.ts';
import type { RegisteredInjector } from './injector.ts';
import { noop } from './stream/noop.ts';
import { truncate } from './stream/truncate.ts';

export const injectors: readonly RegisteredInjector[] = [noop, truncate, billingStall];
