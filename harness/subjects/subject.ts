// The gateway under test, whatever it is written in and however it was started.

export type Capability =
  /** Its /proc entries can be read. */
  | 'procfs'
  /** A V8 inspector answers. */
  | 'inspector'
  /** leakbed's agent answers in its Python. */
  | 'python-agent'
  /** It has a memory cgroup that it does not share with leakbed. */
  | 'cgroup'
  /** leakbed started it, so it can be stopped and started again. */
  | 'restart'
  /** The billing-stall hook runs inside it. */
  | 'billing-hook';

export interface Subject extends AsyncDisposable {
  readonly name: string;
  /** Base URL of its API, without a trailing slash. */
  readonly url: string;
  /** The process to be measured; null when it is out of reach. */
  readonly pid: number | null;
  /** WebSocket address of its inspector, when it has one. */
  readonly inspectorUrl: string | null;
  /** Unix socket of the agent in it, when it is Python and leakbed started it. */
  readonly pythonAgentPath?: string;
  readonly capabilities: ReadonlySet<Capability>;
  /** Why an ability is missing and what would enable it; nothing where it could not be had. */
  readonly missing: Readonly<Partial<Record<Capability, string>>>;
  /** Settles when the process ends, with a sentence that says how. Never rejects. */
  readonly ended: Promise<string>;
  /** The last lines it wrote, for error messages; bounded. */
  lastOutput(): string;
}
