// All probes, in the order in which levels are to be read: outside before inside would miss the
// collection that the inspector or the Python agent forces, so these come first.

import { cgroup } from './cgroup.ts';
import { eventLoop } from './event-loop.ts';
import { gc } from './gc.ts';
import { heapSpaces } from './heap-spaces.ts';
import { type InspectorProbeOptions, inspectorProbe } from './inspector.ts';
import { type MetricsTextOptions, metricsTextProbe } from './metrics-text.ts';
import type { Probe } from './probe.ts';
import { peakMemory } from './peak-memory.ts';
import { procfs } from './procfs.ts';
import { promises } from './promises.ts';
import { python } from './python.ts';
import { resources } from './resources.ts';

export interface ProbeOptions {
  readonly inspector?: InspectorProbeOptions;
  readonly metricsText?: MetricsTextOptions;
  /** Counts living promises at each level, which takes the target 0.1 to 0.9 s. */
  readonly livePromises?: boolean;
}

export function allProbes(options: ProbeOptions = {}): readonly Probe[] {
  return [
    inspectorProbe(options.inspector),
    gc,
    heapSpaces,
    resources,
    eventLoop,
    ...(options.livePromises === true ? [promises] : []),
    python,
    procfs,
    // Begins anew with what is resident now, so it comes after the collection.
    peakMemory,
    cgroup,
    metricsTextProbe(options.metricsText),
  ];
}
