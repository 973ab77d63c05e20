// The rows of the scenario table: what makes each scenario fail, on each reference gateway, and
// which of its checks must then say so. Without that, each must pass.

import type { referenceNames } from '../../harness/cli/run-flags.ts';
import type { MetricName } from '../../harness/series/metrics.ts';
import type { Finding } from '../../harness/verdict.ts';

export interface Guilty {
  /** Further words for `leakbed run`: a planted leak, a fault. */
  readonly args: readonly string[];
  /** Settings of the gateway. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The check that must fail. */
  readonly check: string;
  readonly finding?: Finding;
  /** The resource that must be named. */
  readonly resource?: MetricName;
}

export interface ScenarioRow {
  readonly scenario: string;
  readonly guilty: Readonly<Record<(typeof referenceNames)[number], Guilty>>;
}

const leaks = (leak: string, resource: MetricName = 'heapBytes'): Guilty => ({
  args: ['--leak', leak],
  check: 'leak',
  finding: 'leak',
  resource,
});

export const scenarioRows: readonly ScenarioRow[] = [
  {
    scenario: 'streaming-connections',
    guilty: {
      reference: leaks('unread-stream', 'socketCount'),
      'reference-python': leaks('generator'),
    },
  },
  {
    scenario: 'billing-queue',
    guilty: {
      reference: {
        args: [],
        environment: { BILLING_QUEUE_LIMIT: '0' },
        check: 'billing-queue',
      },
      'reference-python': {
        args: [],
        environment: { BILLING_QUEUE_LIMIT: '0' },
        check: 'billing-queue',
      },
    },
  },
];
