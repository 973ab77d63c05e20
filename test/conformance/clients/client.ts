// What a table of clients is made of: where each client is installed, the program that asks it, and
// how many cells have to pass, so that a suite which ends early or turns a failure into "n.a." is
// found out.

import type { Recipe } from './install.ts';

export interface Expected {
  /** Cells that pass, at each door or at those named; a door that is not named has no row. */
  readonly passed: number | Readonly<Record<string, number>>;
  /** The protocol the fake must have seen, at `http://` and at `https://`. */
  readonly http: string;
  readonly https: string;
  /** Operations that the client asks for over another protocol than the rest. */
  readonly apart?: { readonly operations: ReadonlySet<string>; readonly protocol: string };
}

export interface Client {
  readonly name: string;
  readonly recipe: Recipe;
  /** For suites that take one of several versions. */
  readonly version?: string;
  /** The program's arguments; none for one that was compiled. */
  readonly arguments: readonly string[];
  /** Why it has none of the other operations, where its suite does not say it of each. */
  readonly lacks?: string;
  /** By the name in the table, as one suite may ask a client in several ways. */
  readonly rows: Readonly<Record<string, Expected>>;
}

/** A client that is asked in one way, under its own name. */
export function oneRow(
  name: string,
  recipe: Recipe,
  programArguments: readonly string[],
  expected: Expected,
  lacks?: string,
): Client {
  const rows = { [name]: expected };
  return { name, recipe, arguments: programArguments, rows, ...(lacks && { lacks }) };
}
