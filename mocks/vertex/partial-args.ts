// A function call told bit by bit, for requests with `streamFunctionCallArguments`: its name, then
// its arguments one value or piece of a string at a time, each with its JSON path, then an empty
// call as the end. Source: google/cloud/aiplatform/v1/content.proto (FunctionCall, PartialArg).

import type { PlannedCall } from '../script/tool.ts';

export interface ToldCall {
  readonly begin: object;
  /** What can be told once so many more characters of the arguments are there. */
  take(characters: number): readonly object[];
  readonly end: object;
}

export function toldCall({ id, name, json }: PlannedCall, pieceLength: number): ToldCall {
  const args = partialArgs(JSON.parse(json), '$', pieceLength);
  let characters = 0;
  let told = 0;
  return {
    begin: { id, name, willContinue: true },
    take(more) {
      characters += more;
      const due = dueOf(args.length, characters, json.length);
      const fresh = args.slice(told, due);
      told = Math.max(told, due);
      return fresh.map((arg) => ({ partialArgs: [arg], willContinue: true }));
    },
    end: {},
  };
}

/** How many messages a call is told in, of whose arguments this many characters come. */
export function toldCallEvents(
  { json }: PlannedCall,
  characters: number,
  pieceLength: number,
): number {
  const { length } = partialArgs(JSON.parse(json), '$', pieceLength);
  return 2 + dueOf(length, characters, json.length);
}

function dueOf(count: number, characters: number, of: number): number {
  return Math.floor((count * Math.min(characters, of)) / of);
}

/** The values in a value, in order; a string is in pieces, of which all but the last go on. */
function partialArgs(value: unknown, jsonPath: string, pieceLength: number): object[] {
  switch (typeof value) {
    case 'string':
      return stringPieces(value, jsonPath, pieceLength);
    case 'number':
      return [{ jsonPath, numberValue: value }];
    case 'boolean':
      return [{ jsonPath, boolValue: value }];
    default:
      if (value === null) return [{ jsonPath, nullValue: 'NULL_VALUE' }];
      return Object.entries(Object(value)).flatMap(([key, inner]) => {
        const step = Array.isArray(value) ? `[${key}]` : `.${key}`;
        return partialArgs(inner, jsonPath + step, pieceLength);
      });
  }
}

function stringPieces(text: string, jsonPath: string, pieceLength: number): object[] {
  const characters = [...text];
  const pieces: object[] = [];
  for (let at = 0; at === 0 || at < characters.length; at += pieceLength) {
    const stringValue = characters.slice(at, at + pieceLength).join('');
    const goesOn = at + pieceLength < characters.length;
    pieces.push({ jsonPath, stringValue, ...(goesOn && { willContinue: true }) });
  }
  return pieces;
}
