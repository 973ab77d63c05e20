// What Artillery 2 hands to an engine and expects of it, as far as this one is concerned.
// Source: artillery 2.0.34, dist/lib/core/runner.js and engine_ws.js.

/** A virtual user's context; Artillery puts the variables of payloads and configuration there. */
export interface UserContext {
  readonly vars: Readonly<Record<string, unknown>>;
}

export type Done = (error?: unknown, context?: UserContext) => void;
export type Task = (context: UserContext, done: Done) => void;

export interface ArtilleryEvents {
  emit(event: 'started'): void;
  emit(event: 'counter' | 'histogram', metric: string, value: number): void;
  emit(event: 'rate', metric: string): void;
  emit(event: 'error', code: string): void;
}

/** Artillery's own `engine_util`: thinking, loops and templates work as in its other engines. */
export interface ArtilleryTools {
  createThink(step: object, defaults?: object): Task;
  createLoopWithCount(count: number | string, tasks: readonly Task[], options: object): Task;
  template<T>(text: T, context: UserContext): T;
}

export interface ArtilleryScript {
  readonly config: {
    readonly target: string;
    readonly engines?: { readonly leakbed?: Readonly<Record<string, unknown>> };
    readonly defaults?: { readonly think?: object };
    /** The functions of the script's own processor. */
    readonly processor?: Readonly<Record<string, unknown>>;
  };
}

export interface ArtilleryScenario {
  readonly name?: string;
  readonly flow: readonly object[];
}
