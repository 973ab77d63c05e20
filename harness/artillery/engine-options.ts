// `config.engines.leakbed` of an Artillery script.

import { insteadOf } from '../../injectors/nearest.ts';

export interface EngineOptions {
  /** Of all that is drawn: which step of a mix, which question. */
  readonly seed: number;
  readonly apiKey: string;
  /** Root of the gateway's API; `/api/v1` unless given. */
  readonly apiPath: string | undefined;
  /** Connections, and so users at work, at most in one of Artillery's workers. */
  readonly maxUsers: number;
  /** Where the fake providers are, for steps that put a plan in force. */
  readonly mocks: string | undefined;
}

const known = ['seed', 'apiKey', 'apiPath', 'maxUsers', 'mocks'];

export function readEngineOptions(given: Readonly<Record<string, unknown>>): EngineOptions {
  const strange = Object.keys(given).find((name) => !known.includes(name));
  if (strange !== undefined) {
    throw new Error(`Cannot use engine option "${strange}": ${insteadOf(strange, known)}`);
  }
  const text = (name: string) => (given[name] === undefined ? undefined : String(given[name]));
  return {
    seed: wholeNumber('seed', given.seed ?? 1),
    apiKey: text('apiKey') ?? process.env.LEAKBED_API_KEY ?? 'leakbed',
    apiPath: text('apiPath'),
    maxUsers: wholeNumber('maxUsers', given.maxUsers ?? 10_000),
    mocks: text('mocks'),
  };
}

function wholeNumber(name: string, given: unknown): number {
  const value = Number(given);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`Cannot use engine option ${name}=${given}: give a whole number from 0 up.`);
}
