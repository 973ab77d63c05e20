// The explicit list of injectors. One line per fault: typed, ordered, greppable.

import { billingStall } from './ambient/billing-stall.ts';
import { abort } from './client/abort.ts';
import type { RegisteredInjector } from './injector.ts';
import { badFraming } from './stream/bad-framing.ts';
import { cancel } from './stream/cancel.ts';
import { clockSkew } from './stream/clock-skew.ts';
import { close } from './stream/close.ts';
import { coalesce } from './stream/coalesce.ts';
import { corrupt } from './stream/corrupt.ts';
import { drop } from './stream/drop.ts';
import { duplicate } from './stream/duplicate.ts';
import { error } from './stream/error.ts';
import { exception } from './stream/exception.ts';
import { garbage } from './stream/garbage.ts';
import { goaway } from './stream/goaway.ts';
import { hang } from './stream/hang.ts';
import { headerBomb } from './stream/header-bomb.ts';
import { lie } from './stream/lie.ts';
import { malformedJson } from './stream/malformed-json.ts';
import { noStop } from './stream/no-stop.ts';
import { noUsage } from './stream/no-usage.ts';
import { noop } from './stream/noop.ts';
import { oversize } from './stream/oversize.ts';
import { reorder } from './stream/reorder.ts';
import { reset } from './stream/reset.ts';
import { slow } from './stream/slow.ts';
import { split } from './stream/split.ts';
import { stall } from './stream/stall.ts';
import { truncate } from './stream/truncate.ts';
import { withholdEnd } from './stream/withhold-end.ts';
import { wrongContentType } from './stream/wrong-content-type.ts';
import { wrongLength } from './stream/wrong-length.ts';

export const injectors: readonly RegisteredInjector[] = [
  noop,
  slow,
  stall,
  hang,
  truncate,
  reset,
  cancel,
  close,
  goaway,
  badFraming,
  withholdEnd,
  corrupt,
  malformedJson,
  lie,
  garbage,
  duplicate,
  reorder,
  drop,
  noStop,
  noUsage,
  coalesce,
  split,
  exception,
  error,
  oversize,
  wrongContentType,
  wrongLength,
  headerBomb,
  clockSkew,
  abort,
  billingStall,
];
