// The explicit list of toxics, and how one is found by Toxiproxy's name for it.

import { bandwidth } from './bandwidth.ts';
import { latency } from './latency.ts';
import { limitData } from './limit-data.ts';
import { noop } from './noop.ts';
import { resetPeer } from './reset-peer.ts';
import { slicer } from './slicer.ts';
import { slowClose } from './slow-close.ts';
import { timeout } from './timeout.ts';
import type { RegisteredToxic } from './toxic.ts';

export const toxics: readonly RegisteredToxic[] = [
  noop,
  latency,
  bandwidth,
  slicer,
  limitData,
  timeout,
  slowClose,
  resetPeer,
];

/** By `limit_data`. */
export function findToxic(type: string): RegisteredToxic | undefined {
  return toxics.find((toxic) => toxic.type === type);
}
