// The gateway under test, whatever it is written in and however it was started.

import type { LedgerPlace } from '../profiles/profile.ts';

export type Capability =
  /** Its /proc entries can be read. */
  | 'procfs'
  /** A V8 inspector answers. */
  | 'inspector'
  /** leakbed's agent answers in its Python. */
  | 'python-agent'
  /** It has a memory cgroup that it does not share with leakbed. */
  | 'cgroup'
  /** It tells of itself on a page that leakbed was given the address of. */
  | 'metrics-page'
  /** leakbed started it, so it can be stopped and started again. */
  | 'restart'
  /** The billing-stall hook runs inside it. */
  | 'billing-hook';

export interface Subject extends AsyncDisposable {
  readonly name: string;
  /** Base URL of its API, without a trailing slash. */
  readonly url: string;
  /** The process that is looked into; null when it is out of reach. */
  readonly pid: number | null;
  /** All processes of the gateway as they are now, where it may be several. */
  processes?(): readonly number[];
  /** Its page in Prometheus' text format, where that is all there is to measure. */
  readonly metricsUrl?: string;
  /** WebSocket address of its inspector, when it has one. */
  readonly inspectorUrl: string | null;
  /** Unix socket of the agent in it, when it is Python and leakbed started it. */
  readonly pythonAgentPath?: string;
  /** Where its billing ends up, when leakbed gave it the place. */
  readonly ledger?: LedgerPlace;
  readonly capabilities: ReadonlySet<Capability>;
  /** Why an ability is missing and what would enable it; nothing where it could not be had. */
  readonly missing: Readonly<Partial<Record<Capability, string>>>;
  /** Settles when the process ends, with a sentence that says how. Never rejects. */
  readonly ended: Promise<string>;
  /** The last lines it wrote, for error messages; bounded. */
  lastOutput(): string;
}
