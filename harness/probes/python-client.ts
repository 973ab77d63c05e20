// A small client of the agent in a Python process (agents/python/): one question at a time over a
// Unix socket, a JSON line each way.

import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';
import { within } from '../../injectors/determinism.ts';
import type { Subject } from '../subjects/subject.ts';

export type PythonAnswer = Readonly<Record<string, unknown>>;

export type PythonQuestion =
  | { readonly do: 'sample' | 'level' }
  | { readonly do: 'reclaim' | 'release' }
  | {
      readonly do: 'retain';
      readonly kind: string;
      readonly bytes: number;
      readonly count: number;
    }
  | { readonly do: 'trace-start'; readonly frames: number }
  | { readonly do: 'trace-stop'; readonly root: string; readonly limit: number };

export interface PythonClient extends AsyncDisposable {
  /** Rejects with a sentence when the agent refuses, is too slow, or is gone. */
  ask(question: PythonQuestion, limitMs?: number): Promise<PythonAnswer>;
}

const defaultLimitMs = 5_000;

/** A client for a probe; rejects with why the subject has no agent and what would help. */
export function connectToPython(subject: Subject, probe: string): PythonClient {
  if (subject.pythonAgentPath === undefined) {
    const why = subject.missing['python-agent'] ?? 'it does not run Python.';
    throw new Error(`Cannot attach ${probe} to ${subject.name}: ${why}`);
  }
  const socket = createConnection(subject.pythonAgentPath);
  // Whatever breaks the connection also ends its lines, and the question then says so.
  socket.on('error', () => {});
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  let turn: Promise<unknown> = Promise.resolve();
  const exchange = async (question: PythonQuestion, limitMs: number) => {
    const refusal = (why: string) => `Cannot ask ${subject.name} for ${question.do}: ${why}`;
    if (socket.destroyed) throw new Error(refusal(gone));
    socket.write(`${JSON.stringify(question)}\n`);
    const late = refusal(`no answer in ${limitMs} ms. Is the process stopped or busy?`);
    try {
      const { value } = await within(limitMs, late, lines.next().catch(nothing));
      if (value === undefined) throw new Error(refusal(gone));
      const answer = JSON.parse(value) as PythonAnswer;
      if (answer.error === undefined) return answer;
      throw new Error(refusal(`its agent said ${answer.error}.`));
    } catch (error) {
      // A late answer would be taken for that of the next question.
      socket.destroy();
      throw error;
    }
  };
  return {
    ask(question, limitMs = defaultLimitMs) {
      const answer = turn.then(() => exchange(question, limitMs));
      turn = answer.catch(() => {});
      return answer;
    },
    async [Symbol.asyncDispose]() {
      socket.destroy();
    },
  };
}

const gone = 'the process has ended, or closed what it had open.';
const nothing = () => ({ value: undefined });
