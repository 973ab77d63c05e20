// What the faults around a gateway's process act on, declared here and implemented by whoever knows
// the gateway: its process, the cgroup that is its own, and whether its API answers again.

export interface MemoryCgroup {
  readonly version: 1 | 2;
  readonly folder: string;
}

export interface GatewayProcess {
  /** The process that serves the API. Throws a sentence where it is out of reach. */
  pid(): number;
  /** Null where the gateway shares its cgroup with others, who must not be hurt. */
  readonly cgroup: MemoryCgroup | null;
  /** Resolves once the API answers; rejects with a sentence after the limit. */
  untilServing(limitMs: number): Promise<void>;
}
