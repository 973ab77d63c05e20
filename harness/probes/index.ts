// All probes, in the order in which levels are to be read: outside before inside would miss the
// collection that the inspector or the Python agent forces, so these come first.

import { type CensusOptions, censusProbe } from './census.ts';
import { cgroup } from './cgroup.ts';
import { eventLoop } from './event-loop.ts';
import { gc } from './gc.ts';
import { heapSpaces } from './heap-spaces.ts';
import { type InspectorProbeOptions, inspectorProbe } from './inspector.ts';
import { metricsPage } from './metrics-page.ts';
import { type MetricsTextOptions, metricsTextProbe } from './metrics-text.ts';
import { peakMemory } from './peak-memory.ts';
import type { Probe } from './probe.ts';
import { procfs } from './procfs.ts';
import { python } from './python.ts';
import { resources } from './resources.ts';

export interface ProbeOptions {
  readonly inspector?: InspectorProbeOptions;
  /** Null: the gateway's queue, if it has one, is on no page. */
  readonly metricsText?: MetricsTextOptions | null;
  readonly census?: CensusOptions;
}

export function allProbes(options: ProbeOptions = {}): readonly Probe[] {
  return [
    inspectorProbe(options.inspector),
    gc,
    heapSpaces,
    resources,
    eventLoop,
    censusProbe(options.census),
    python,
    procfs,
    // Begins anew with what is resident now, so it comes after the collection.
    peakMemory,
    cgroup,
    metricsPage,
    ...(options.metricsText === null ? [] : [metricsTextProbe(options.metricsText)]),
  ];
}
