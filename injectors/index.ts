// The explicit list of injectors. One line per fault: typed, ordered, greppable.

import { billingStall } from './ambient/billing-stall.ts';
import { cpuPressure } from './ambient/cpu-pressure.ts';
import { kill } from './ambient/kill.ts';
import { memoryPressure } from './ambient/memory-pressure.ts';
import { pause } from './ambient/pause.ts';
import { syntheticLeak } from './ambient/synthetic-leak.ts';
import { abort } from './client/abort.ts';
import { churn } from './client/churn.ts';
import { halfClose } from './client/half-close.ts';
import { neverRead } from './client/never-read.ts';
import { slowReader } from './client/slow-reader.ts';
import { vanish } from './client/vanish.ts';
import { badHpack } from './grpc/bad-hpack.ts';
import { badLengthPrefix } from './grpc/bad-length-prefix.ts';
import { compressedFlag } from './grpc/compressed-flag.ts';
import { emptyDataFlood } from './grpc/empty-data-flood.ts';
import { grpcStatus } from './grpc/grpc-status.ts';
import { halfFrame } from './grpc/half-frame.ts';
import { halfMessage } from './grpc/half-message.ts';
import { http1Text } from './grpc/http1-text.ts';
import { noTrailers } from './grpc/no-trailers.ts';
import { pingFlood } from './grpc/ping-flood.ts';
import { settingsFlood } from './grpc/settings-flood.ts';
import { smallHeaderList } from './grpc/small-header-list.ts';
import { windowOverflow } from './grpc/window-overflow.ts';
import { zeroStreams } from './grpc/zero-streams.ts';
import { zeroWindow } from './grpc/zero-window.ts';
import type { RegisteredInjector } from './injector.ts';
import { clockSkew } from './response/clock-skew.ts';
import { connectionClose } from './response/connection-close.ts';
import { emptyBody } from './response/empty-body.ts';
import { error } from './response/error.ts';
import { expiredToken } from './response/expired-token.ts';
import { gzipBomb } from './response/gzip-bomb.ts';
import { headerBomb } from './response/header-bomb.ts';
import { htmlError } from './response/html-error.ts';
import { hugeBody } from './response/huge-body.ts';
import { outage } from './response/outage.ts';
import { quota } from './response/quota.ts';
import { redirect } from './response/redirect.ts';
import { slowBody } from './response/slow-body.ts';
import { slowHeaders } from './response/slow-headers.ts';
import { status } from './response/status.ts';
import { succeedAfter } from './response/succeed-after.ts';
import { tokenStorm } from './response/token-storm.ts';
import { arrayNeverClosed } from './stream/array-never-closed.ts';
import { badFraming } from './stream/bad-framing.ts';
import { bandwidth } from './stream/bandwidth.ts';
import { cancel } from './stream/cancel.ts';
import { close } from './stream/close.ts';
import { coalesce } from './stream/coalesce.ts';
import { corrupt } from './stream/corrupt.ts';
import { drop } from './stream/drop.ts';
import { duplicate } from './stream/duplicate.ts';
import { exception } from './stream/exception.ts';
import { flood } from './stream/flood.ts';
import { garbage } from './stream/garbage.ts';
import { goaway } from './stream/goaway.ts';
import { hang } from './stream/hang.ts';
import { lie } from './stream/lie.ts';
import { malformedJson } from './stream/malformed-json.ts';
import { noStop } from './stream/no-stop.ts';
import { noUsage } from './stream/no-usage.ts';
import { noop } from './stream/noop.ts';
import { oversize } from './stream/oversize.ts';
import { pingOnly } from './stream/ping-only.ts';
import { reorder } from './stream/reorder.ts';
import { reset } from './stream/reset.ts';
import { slow } from './stream/slow.ts';
import { split } from './stream/split.ts';
import { sseComment } from './stream/sse-comment.ts';
import { sseNoNewline } from './stream/sse-no-newline.ts';
import { stall } from './stream/stall.ts';
import { truncate } from './stream/truncate.ts';
import { ttft } from './stream/ttft.ts';
import { withholdEnd } from './stream/withhold-end.ts';
import { wrongContentType } from './stream/wrong-content-type.ts';
import { wrongEncoding } from './stream/wrong-encoding.ts';
import { wrongLength } from './stream/wrong-length.ts';
import { bandwidth as tcpBandwidth } from './tcp/bandwidth.ts';
import { down as tcpDown } from './tcp/down.ts';
import { latency as tcpLatency } from './tcp/latency.ts';
import { limitData as tcpLimitData } from './tcp/limit-data.ts';
import { noop as tcpNoop } from './tcp/noop.ts';
import { resetPeer as tcpResetPeer } from './tcp/reset-peer.ts';
import { slicer as tcpSlicer } from './tcp/slicer.ts';
import { slowClose as tcpSlowClose } from './tcp/slow-close.ts';
import { timeout as tcpTimeout } from './tcp/timeout.ts';

export const injectors: readonly RegisteredInjector[] = [
  noop,
  ttft,
  slow,
  bandwidth,
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
  oversize,
  flood,
  pingOnly,
  sseComment,
  sseNoNewline,
  arrayNeverClosed,
  wrongContentType,
  wrongEncoding,
  wrongLength,
  error,
  status,
  expiredToken,
  tokenStorm,
  outage,
  quota,
  succeedAfter,
  slowHeaders,
  slowBody,
  headerBomb,
  hugeBody,
  emptyBody,
  htmlError,
  gzipBomb,
  redirect,
  connectionClose,
  clockSkew,
  grpcStatus,
  noTrailers,
  badLengthPrefix,
  compressedFlag,
  halfMessage,
  zeroWindow,
  zeroStreams,
  smallHeaderList,
  settingsFlood,
  pingFlood,
  emptyDataFlood,
  windowOverflow,
  halfFrame,
  badHpack,
  http1Text,
  abort,
  slowReader,
  neverRead,
  halfClose,
  vanish,
  churn,
  billingStall,
  memoryPressure,
  cpuPressure,
  pause,
  syntheticLeak,
  kill,
  tcpNoop.injector,
  tcpLatency.injector,
  tcpBandwidth.injector,
  tcpSlicer.injector,
  tcpLimitData.injector,
  tcpTimeout.injector,
  tcpSlowClose.injector,
  tcpResetPeer.injector,
  tcpDown,
];
