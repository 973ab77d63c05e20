// What a long run tells while it goes. The terminal's form of it is in cli/; tests use `silent`.

export interface PhasePlan {
  readonly name: string;
  readonly seconds: number;
}

export interface Progress {
  /** `plan`: the phases that will come and what each takes at most, to tell the time left by. */
  scenario(id: string, index: number, count: number, plan?: readonly PhasePlan[]): void;
  phase(name: string, title: string): void;
  /** How far the phase is: overwrites the last such line on a terminal. */
  update(text: string): void;
  warn(text: string): void;
  end(text: string): void;
}

export const silent: Progress = {
  scenario: () => undefined,
  phase: () => undefined,
  update: () => undefined,
  warn: () => undefined,
  end: () => undefined,
};
