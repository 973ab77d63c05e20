// One series of the gallery: a shape under a noise, from a seed, as levels of six channels. The run
// it imitates is that of `leakbed run streaming-connections`, read from the scenario.

import type {
  ChannelName,
  ExperimentOptions,
} from '../../../harness/checkers/experiment-options.ts';
import type { Scale } from '../../../harness/scenario.ts';
import { streamingConnections } from '../../../harness/scenarios/streaming-connections.ts';
import type { Level } from '../../../harness/series/sample.ts';
import { seededRng } from '../../../injectors/determinism.ts';
import {
  autocorrelated,
  buildLevels,
  flat,
  jit,
  type Noise,
  pool,
  white,
} from '../../fixtures/levels.ts';
import type { Drawn, GalleryShape } from './shapes.ts';

export interface GalleryNoise {
  readonly name: string;
  /** Noise of the heap; external memory gets a tenth, resident memory five times as much. */
  readonly of: (share: number) => Noise;
}

const kB = 1000;

export const galleryNoises: readonly GalleryNoise[] = [
  { name: 'white 1 kB', of: (share) => white(share * kB) },
  { name: 'white 30 kB', of: (share) => white(share * 30 * kB) },
  { name: 'white 150 kB', of: (share) => white(share * 150 * kB) },
  { name: 'AR(0.8) 100 kB', of: (share) => autocorrelated(share * 100 * kB, 0.8) },
  { name: 'JIT 300 kB', of: (share) => jit(share * 300 * kB) },
];

/** The experiment that the scenario decides with, and the work it is given. */
export interface Plan {
  readonly maxCycles: number;
  readonly requestsPerCycle: readonly [low: number, high: number];
  readonly experiment: ExperimentOptions;
}

/** A shape under a noise. */
export interface Cell {
  readonly shape: GalleryShape;
  readonly noise: GalleryNoise;
}

export interface Series {
  readonly levels: readonly Level[];
  readonly leak: Drawn['leak'];
}

export function drawSeries({ shape, noise }: Cell, seed: number, plan: Plan): Series {
  const rng = seededRng(seed).fork(`${shape.name}, ${noise.name}`);
  const { channels, leak } = shape.draw(rng.fork('shape'));
  const channel = (name: ChannelName, disturb: Noise) => ({
    [name]: { shape: channels[name] ?? flat, noise: disturb },
  });
  const levels = buildLevels({
    seed: rng.fork('levels').seed,
    cycles: plan.maxCycles,
    requests: plan.requestsPerCycle,
    requestsBefore: plan.experiment.requestsBefore,
    channels: {
      ...channel('heapBytes', noise.of(1)),
      ...channel('externalBytes', noise.of(0.1)),
      ...channel('anonBytes', noise.of(5)),
      ...channel('fdCount', pool(6)),
      ...channel('socketCount', pool(4)),
      ...channel('handleCount', pool(6)),
    },
  });
  return { levels, leak };
}

export function planOf(scale: Scale): Plan {
  const stress = streamingConnections.phases(scale).find(({ name }) => name === 'stress');
  if (stress?.kind !== 'cycles' || stress.experiment === null) {
    throw new Error('Cannot imitate streaming-connections: its stress phase asks no experiment.');
  }
  const { maxCycles, requestsPerCycle, experiment } = stress;
  return { maxCycles, requestsPerCycle, experiment };
}
