// A planted leak and the sockets it plugs into. The gateway implements LeakHost, so leaks stay
// out of its code: a clean gateway holds the sockets and nothing that uses them. What a planted
// leak retains is sized like the real thing, one to four KiB for a request.

/** What a gateway knows of a request when it is accepted. */
export interface LeakRequest {
  readonly id: string;
  readonly model: string;
  readonly prompt: string;
}

/** What becomes of a provider stream whose client went away. */
export type AbandonPolicy = 'cancel' | 'leave';

export interface LeakHost {
  /** Aborts once, when the process ends; one for the whole process. */
  readonly shutdownSignal: AbortSignal;
  /** Registers a function that is called with every billable request. */
  onRequest(listener: (request: LeakRequest) => void): void;
  /** Registers a function that is called with every piece of text that answers a request. */
  onText(listener: (requestId: string, text: string) => void): void;
  setAbandonPolicy(policy: AbandonPolicy): void;
  /** Has the gateway open another provider client after so many uses, and hand over the last. */
  renewClients(everyUses: number, onRetired: (client: object) => void): void;
}

/** As it is listed, whatever language it is planted in. */
export interface PlantedLeak {
  /** An innocent grows or peaks for a time and must be acquitted. */
  readonly kind: 'leak' | 'innocent';
  readonly name: string;
  readonly summary: string;
  /** Name of the metric that convicts a leak; of an innocent, the one that it moves. */
  readonly resource:
    | 'socketCount'
    | 'fdCount'
    | 'handleCount'
    | 'taskCount'
    | 'heapBytes'
    | 'externalBytes'
    | 'nativeBytes'
    | 'anonBytes';
}

export interface Leak extends PlantedLeak {
  plant(host: LeakHost): void;
}

/** Slots of a request's trace; an array of small integers costs 8 bytes a slot: 2 KiB. */
const traceSlots = 256;

/** The state that a careless gateway keeps for a request: what was asked, and a trace of it. */
export function requestState(request: LeakRequest): object {
  return { ...request, trace: Array.from({ length: traceSlots }, (_, slot) => slot) };
}
