// All probes, in the order in which levels are to be read: outside before inside would miss the
// collection that the inspector or the Python agent forces, so these come first.

import { cgroup } from './cgroup.ts';
import { gc } from './gc.ts';
import { type InspectorProbeOptions, inspectorProbe } from './inspector.ts';
import { type MetricsTextOptions, metricsTextProbe } from './metrics-text.ts';
import type { Probe } from './probe.ts';
import { procfs } from './procfs.ts';
import { python } from './python.ts';

export interface ProbeOptions {
  readonly inspector?: InspectorProbeOptions;
  readonly metricsText?: MetricsTextOptions;
}

export function allProbes(options: ProbeOptions = {}): readonly Probe[] {
  return [
    inspectorProbe(options.inspector),
    gc,
    python,
    procfs,
    cgroup,
    metricsTextProbe(options.metricsText),
  ];
}
