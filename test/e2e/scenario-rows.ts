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
  {
    scenario: 'gc-behaviour',
    guilty: {
      reference: { args: ['--leak', 'eager-collection'], check: 'gc-behaviour' },
      'reference-python': { args: ['--leak', 'eager-collection'], check: 'gc-behaviour' },
    },
  },
  {
    scenario: 'fragmentation',
    guilty: {
      reference: { args: ['--leak', 'fragmentation'], check: 'fragmentation-many-small' },
      'reference-python': { args: ['--leak', 'fragmentation'], check: 'fragmentation-many-small' },
    },
  },
  {
    scenario: 'automated-profiling',
    guilty: {
      reference: { args: ['--leak', 'unbounded-map'], check: 'detection', finding: 'leak' },
      'reference-python': {
        args: ['--leak', 'unbounded-dict'],
        check: 'detection',
        finding: 'leak',
      },
    },
  },
  {
    scenario: 'real-time-detection',
    guilty: {
      reference: { args: ['--leak', 'retained-buffer'], check: 'detection', finding: 'leak' },
      'reference-python': {
        args: ['--leak', 'session-not-closed'],
        check: 'detection',
        finding: 'leak',
      },
    },
  },
  {
    scenario: 'endurance',
    guilty: { reference: leaks('unbounded-map'), 'reference-python': leaks('unbounded-dict') },
  },
  {
    scenario: 'sdk-clients',
    guilty: {
      reference: { args: ['--leak', 'unclosed-client'], check: 'back-to-base', finding: 'leak' },
      'reference-python': { args: ['--leak', 'session-not-closed'], check: 'back-to-base' },
    },
  },
  {
    scenario: 'provider-sdk',
    guilty: {
      reference: { args: ['--leak', 'unread-stream'], check: 'back-to-base' },
      'reference-python': leaks('cycle-with-del'),
    },
  },
  {
    scenario: 'async-lifecycle',
    guilty: {
      reference: { ...leaks('promise-never'), check: 'back-to-base' },
      'reference-python': { args: ['--leak', 'task'], check: 'back-to-base' },
    },
  },
  ...['large-prompt', 'embed-batch'].map(
    (scenario): ScenarioRow => ({
      scenario,
      guilty: {
        reference: { ...leaks('unbounded-map'), check: 'payload' },
        'reference-python': { ...leaks('unbounded-dict'), check: 'payload' },
      },
    }),
  ),
  {
    scenario: 'large-response',
    guilty: {
      reference: { ...leaks('answer-cache'), check: 'payload' },
      'reference-python': { ...leaks('answer-cache', 'heapBytes'), check: 'payload' },
    },
  },
  {
    scenario: 'pressure-recovery',
    guilty: {
      reference: { ...leaks('unbounded-map'), check: 'pressure' },
      'reference-python': { ...leaks('unbounded-dict'), check: 'pressure' },
    },
  },
  {
    // Batches of a fixed size take what they take, however little memory there is.
    scenario: 'optimal-batching',
    guilty: {
      reference: {
        args: [],
        environment: { EMBEDDING_TEXTS_PER_CALL: '250' },
        check: 'batching',
      },
      'reference-python': {
        args: [],
        environment: { EMBEDDING_TEXTS_PER_CALL: '250' },
        check: 'batching',
      },
    },
  },
];
