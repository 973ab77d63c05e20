// The work that is measured: what a module exports for `measureLeak` and `leakbed repro`.

export interface UnitContext {
  /** Where the fake providers are. */
  readonly bedrockUrl: string;
  readonly vertexUrl: string;
  /** The process's environment, which points SDKs at them already. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the run ends. */
  readonly signal: AbortSignal;
  /** Calls before this one. */
  readonly iteration: number;
}

/** One call is one unit of work; what it keeps once it is over is what is looked for. */
export type UnitOfWork = (context: UnitContext) => unknown;
