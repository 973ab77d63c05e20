// The synthetic part of the gallery: how the levels of a process may move with its work, leaks and
// innocents. A shape draws its sizes from the series' own seed, so no two series are alike.
// Shapes that outlast the run are a class of their own: no rule of levels can tell them from leaks.

import type { ChannelName } from '../../../harness/checkers/experiment-options.ts';
import type { Rng } from '../../../injectors/determinism.ts';
import {
  filling,
  flat,
  leak,
  leakOneIn,
  logarithm,
  type Shape,
  saturating,
  squareRoot,
  sum,
} from '../../fixtures/levels.ts';

export type Channels = Readonly<Partial<Record<ChannelName, Shape>>>;

export interface Drawn {
  readonly channels: Channels;
  /** What leaks, and how much per request; absent where nothing does. */
  readonly leak?: { readonly metric: ChannelName; readonly perRequest: number };
}

export interface GalleryShape {
  readonly name: string;
  /** `endless` grows for as long as it is watched and yet is none: it is counted by itself. */
  readonly kind: 'leak' | 'innocent' | 'endless';
  draw(rng: Rng): Drawn;
}

const between = (rng: Rng, low: number, high: number) => low + (high - low) * rng.next();
const logBetween = (rng: Rng, low: number, high: number) =>
  low * Math.exp(rng.next() * Math.log(high / low));

/** Resident memory holds the heap as well. */
const heap = (shape: Shape): Channels => ({ heapBytes: shape, anonBytes: shape });
const external = (shape: Shape): Channels => ({ externalBytes: shape, anonBytes: shape });

const kB = 1000;

/** A leak of 200 B to 64 kB of heap per request, with what else the heap does meanwhile. */
const heapLeak = (name: string, beside: (rng: Rng, perRequest: number) => Shape): GalleryShape => ({
  name,
  kind: 'leak',
  draw(rng) {
    const perRequest = logBetween(rng, 200, 64 * kB);
    const shape = sum(leak(perRequest), beside(rng, perRequest));
    return { channels: heap(shape), leak: { metric: 'heapBytes', perRequest } };
  },
});

const innocent = (name: string, channels: (rng: Rng) => Channels): GalleryShape => ({
  name,
  kind: 'innocent',
  draw: (rng) => ({ channels: channels(rng) }),
});

const stepAt =
  (size: number, at: number): Shape =>
  (work) =>
    work < at ? 0 : size;
const sawtooth =
  (size: number, period: number): Shape =>
  (work) =>
    (size * (work % period)) / period;
const wave =
  (size: number, period: number): Shape =>
  (work) =>
    (size * (1 - Math.cos((2 * Math.PI * work) / period))) / 2;
/** An array that grows by half when it is full, and holds its capacity meanwhile. */
const growingArray =
  (bytesPerSlot: number): Shape =>
  (work) =>
    bytesPerSlot * (1.5 ** Math.ceil(Math.log(work + 1) / Math.log(1.5)) - work);

const leaks: readonly GalleryShape[] = [
  heapLeak('leak', () => flat),
  heapLeak('leak in bursts: one request in ten', (_, rate) => (work) => -rate * (work % 10)),
  heapLeak('leak into an array that doubles', (_, rate) => growingArray(rate / 16)),
  heapLeak('leak under a cache that is soon full', (rng) =>
    filling(between(rng, 0.5, 4) * 1e6, between(rng, 1000, 2000)),
  ),
  heapLeak('leak under a cache that is full late', (rng) =>
    filling(between(rng, 0.5, 4) * 1e6, between(rng, 2500, 5000)),
  ),
  heapLeak('leak under a cache of popular keys', (rng) =>
    saturating(between(rng, 0.5, 4) * 1e6, between(rng, 300, 1200)),
  ),
  heapLeak('leak under a logarithm', (rng) => logarithm(between(rng, 50, 400) * kB)),
  heapLeak('leak over start-up memory that is released', (rng) =>
    saturating(-between(rng, 0.2, 1) * 1e6, between(rng, 200, 600)),
  ),
  heapLeak('leak beside a buffer that is flushed', (rng, rate) =>
    sawtooth(400 * Math.min(rate, 2 * kB), between(rng, 150, 700)),
  ),
  heapLeak('leak, and a cache is cleared once', (rng) =>
    stepAt(-between(rng, 0.1, 0.5) * 1e6, between(rng, 3000, 6000)),
  ),
  heapLeak('leak that begins late', (rng, rate) => {
    const start = between(rng, 2000, 4500);
    return (work) => -rate * Math.min(work, start);
  }),
  heapLeak('leak that grows faster', (_, rate) => (work) => (rate * work ** 1.3) / 5000 ** 0.3),
  {
    name: 'leak of buffers, with a little heap',
    kind: 'leak',
    draw(rng) {
      const perRequest = logBetween(rng, 200, 64 * kB);
      const channels = { ...external(leak(perRequest)), heapBytes: leak(50) };
      return { channels, leak: { metric: 'externalBytes', perRequest } };
    },
  },
  {
    name: 'leak of resident memory alone',
    kind: 'leak',
    draw(rng) {
      const perRequest = logBetween(rng, 6 * kB, 64 * kB);
      const channels = { anonBytes: leak(perRequest) };
      return { channels, leak: { metric: 'anonBytes', perRequest } };
    },
  },
  {
    name: 'leak of sockets and their memory',
    kind: 'leak',
    draw(rng) {
      const every = rng.integer(5, 60);
      const handle = leakOneIn(every);
      const kept = heap((work) => 20 * kB * handle(work));
      const channels = { ...kept, socketCount: handle, fdCount: handle, handleCount: handle };
      return { channels, leak: { metric: 'socketCount', perRequest: 1 / every } };
    },
  },
  {
    name: 'leak of descriptors alone',
    kind: 'leak',
    draw(rng) {
      const every = rng.integer(5, 100);
      const channels = { fdCount: leakOneIn(every) };
      return { channels, leak: { metric: 'fdCount', perRequest: 1 / every } };
    },
  },
  {
    name: 'leak of timers',
    kind: 'leak',
    draw(rng) {
      const every = rng.integer(5, 100);
      const channels = { ...heap(leak(400 / every)), handleCount: leakOneIn(every) };
      return { channels, leak: { metric: 'handleCount', perRequest: 1 / every } };
    },
  },
];

const innocents: readonly GalleryShape[] = [
  innocent('nothing', () => ({})),
  innocent('code and feedback of a warm process', (rng) => heap(leak(between(rng, 0, 170)))),
  innocent('cache that is soon full', (rng) =>
    heap(filling(between(rng, 0.5, 8) * 1e6, between(rng, 600, 2000))),
  ),
  innocent('cache that is full late', (rng) =>
    heap(filling(between(rng, 0.5, 8) * 1e6, between(rng, 2000, 5000))),
  ),
  innocent('cache of popular keys', (rng) =>
    heap(saturating(between(rng, 0.5, 8) * 1e6, between(rng, 300, 1500))),
  ),
  innocent('cache that overshoots and shrinks', (rng) => {
    const size = between(rng, 0.5, 4) * 1e6;
    const full = between(rng, 1000, 3000);
    return heap(sum(filling(size * 1.4, full), stepAt(-size * 0.4, full)));
  }),
  innocent('cache whose entries expire in waves', (rng) =>
    heap(wave(between(rng, 0.1, 2) * 1e6, between(rng, 800, 4000))),
  ),
  innocent('buffer that is flushed', (rng) =>
    heap(sawtooth(between(rng, 0.1, 2) * 1e6, between(rng, 150, 700))),
  ),
  innocent('buffer that is seldom flushed', (rng) =>
    heap(sawtooth(between(rng, 0.1, 2) * 1e6, between(rng, 1500, 3500))),
  ),
  innocent('one step up', (rng) =>
    heap(stepAt(between(rng, 0.1, 4) * 1e6, between(rng, 1000, 9000))),
  ),
  innocent('three steps up early', (rng) => {
    const size = between(rng, 0.1, 1) * 1e6;
    return heap(sum(...[1200, 2000, 3200].map((at) => stepAt(size, between(rng, at, at + 600)))));
  }),
  innocent('one step down', (rng) =>
    heap(stepAt(-between(rng, 0.1, 4) * 1e6, between(rng, 1000, 9000))),
  ),
  innocent('memory that is given back slowly', (rng) => heap(leak(-between(rng, 10, 500)))),
  innocent('one reading taken amid a large answer', (rng) => {
    const at = between(rng, 2000, 9000);
    const size = between(rng, 1, 50) * 1e6;
    return heap((work) => (Math.abs(work - at) < 300 ? size : 0));
  }),
  innocent('process that starts anew', (rng) => {
    const at = between(rng, 2000, 8000);
    const warm = saturating(between(rng, 0.5, 3) * 1e6, 400);
    return heap((work) => warm(work < at ? work : work - at));
  }),
  innocent('buffers from a pool that fills', (rng) =>
    external(filling(between(rng, 0.5, 8) * 1e6, between(rng, 600, 3000))),
  ),
  innocent('connections of a pool that opens ten', (rng) => {
    const every = between(rng, 60, 250);
    const open: Shape = (work) => Math.min(10, Math.floor(work / every));
    return { socketCount: open, fdCount: open, handleCount: open };
  }),
  innocent('timers that come and go', (rng) => ({
    handleCount: (work) => Math.round(wave(between(rng, 4, 12), 1700)(work)),
  })),
  innocent('fragmentation: resident memory that settles', (rng) => ({
    anonBytes: saturating(between(rng, 1, 30) * 1e6, between(rng, 500, 2000)),
  })),
  innocent('logarithm', (rng) => heap(logarithm(logBetween(rng, 50, 3000) * kB))),
  innocent('square root', (rng) => heap(squareRoot(logBetween(rng, 5, 500) * kB))),
  innocent('resident memory that creeps', (rng) => ({ anonBytes: leak(between(rng, 100, 2000)) })),
];

/** No rule of levels can tell it from a leak before it is full. */
const endless: readonly GalleryShape[] = [
  {
    name: 'cache larger than the run',
    kind: 'endless',
    draw: (rng) => ({ channels: heap(filling(between(rng, 20, 60) * 1e6, 30_000)) }),
  },
];

export const galleryShapes: readonly GalleryShape[] = [...leaks, ...innocents, ...endless];
