// The explicit list of injectors. One line per fault: typed, ordered, greppable.

import { billingStall } from './ambient/billing-stall.ts';
import { abort } from './client/abort.ts';
import type { RegisteredInjector } from './injector.ts';
import { cancel } from './stream/cancel.ts';
import { close } from './stream/close.ts';
import { corrupt } from './stream/corrupt.ts';
import { error } from './stream/error.ts';
import { exception } from './stream/exception.ts';
import { hang } from './stream/hang.ts';
import { noop } from './stream/noop.ts';
import { oversize } from './stream/oversize.ts';
import { reset } from './stream/reset.ts';
import { slow } from './stream/slow.ts';
import { stall } from './stream/stall.ts';
import { truncate } from './stream/truncate.ts';

export const injectors: readonly RegisteredInjector[] = [
  noop,
  slow,
  stall,
  hang,
  truncate,
  reset,
  cancel,
  close,
  corrupt,
  exception,
  error,
  oversize,
  abort,
  billingStall,
];
