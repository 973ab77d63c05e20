// What every suite in Node shares: its setup, one JSON line for each cell of the table, and the
// fake's own word for which operations it served and over which protocol.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { within } from '../../../../injectors/determinism.ts';

/** One address of the fake; a provider's table adds the credentials that are good there. */
export interface Door {
  readonly name: string;
  readonly url: string;
  readonly journalUrl: string;
  readonly verifies: boolean;
}

/** Handed to a suite in `LEAKBED_SUITE`. */
export interface Setup<D extends Door = Door> {
  readonly client: string;
  /** Where the client is installed. */
  readonly folder: string;
  readonly version: string;
  readonly doors: readonly D[];
  readonly caFile: string;
}

export const setup = JSON.parse(process.env.LEAKBED_SUITE ?? 'null') as Setup;

const require = createRequire(join(setup.folder, 'package.json'));

/** A package of the folder under test; its type is what the caller asks for. */
export function load<T>(name: string): T {
  return require(name) as T;
}

/** Read as a file: not every package exports it. */
export function versionOf(name: string): string {
  const path = join(setup.folder, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}

/** One client at one door. */
export interface Cells {
  /** Passes if `body` does and if the fake served exactly these operations meanwhile. */
  cell(operation: string, served: readonly string[], body: () => Promise<void>): Promise<void>;
  /** The client has no such call. */
  absent(operation: string, reason: string): void;
}

export function createCells(client: string, version: string, door: Door): Cells {
  const say = (row: object) => {
    const line = JSON.stringify({ client, version, door: door.name, ...row });
    process.stdout.write(`${line}\n`);
  };
  return {
    async cell(operation, served, body) {
      const { last } = await journal(door, 0);
      let detail = '';
      try {
        // A client that waits for ever fails its cell, not the whole suite.
        await within(15_000, 'no end within 15 s', body());
      } catch (error) {
        detail = describe(error);
      }
      const { entries } = await journal(door, last);
      const transport = [...new Set(entries.map((entry) => entry.transport))].join('+');
      const operations = entries.map((entry) => entry.operation);
      if (detail === '' && operations.join() !== served.join()) {
        detail = `served ${operations.join(', ') || 'nothing'} instead of ${served.join(', ')}`;
      }
      say({ operation, transport, outcome: detail === '' ? 'pass' : 'fail', detail });
    },
    absent: (operation, detail) => say({ operation, transport: '', outcome: 'n.a.', detail }),
  };
}

interface Journal {
  readonly last: number;
  readonly entries: readonly { readonly operation: string; readonly transport: string }[];
}

async function journal({ journalUrl }: Door, since: number): Promise<Journal> {
  const headers = { connection: 'close' };
  const answer = await fetch(`${journalUrl}?since=${since}`, { headers });
  return (await answer.json()) as Journal;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.name}: ${error.message}`.replaceAll(/\s+/g, ' ').slice(0, 300);
}

/** The answer that every cell asks for: 4 pieces of 25 bytes, which count as 25 tokens. */
export const prompt = '[[leakbed chunks=4 bytes=25]] What is 1 + 1?';
export const toolPrompt = '[[leakbed chunks=4 bytes=25 tool=1]] What is the weather?';
export const throttledPrompt = '[[leakbed fault=error;name=throttling]]';
/** Three events come before the exception. */
export const brokenPrompt = '[[leakbed chunks=4 bytes=25 fault=exception;at=3;name=throttling]]';
export const outputTokens = 25;

export function checkText(text: unknown): void {
  assert.match(String(text), /^[a-z ]{100}$/, 'the text is not the script’s 100 characters');
}

export function checkToolInput(input: unknown): void {
  const { city } = input as { readonly city?: unknown };
  assert.equal(typeof city, 'string', `the tool's input is ${JSON.stringify(input)}`);
}

/** Rejects with whatever `work` is refused with, for the caller to look at. */
export async function refusal(work: () => Promise<unknown>): Promise<Error> {
  try {
    await work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('was not refused');
}

export const toolSchema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
} as const;
