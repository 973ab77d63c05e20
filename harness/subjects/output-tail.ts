// Keeps the last lines a child wrote, and shows every line once to whoever waits for one
// (readiness, the inspector's address). Bounded in lines and in bytes per line.

import type { Readable } from 'node:stream';

const keptLines = 200;
const keptPerLine = 500;
/** A readiness line may be longer than what is kept, but not endless. */
const longestLine = 64 * 1024;

export interface OutputTail {
  /** Reads a stream to its end, so that the child never blocks on a full pipe. */
  follow(stream: Readable, onLine: (line: string) => void): void;
  text(): string;
}

export function outputTail(): OutputTail {
  const lines: string[] = [];
  const keep = (line: string) => {
    lines.push(line.length > keptPerLine ? `${line.slice(0, keptPerLine)} …` : line);
    if (lines.length > keptLines) lines.shift();
  };
  return {
    follow(stream, onLine) {
      let partial = '';
      const take = (line: string) => {
        if (line === '') return;
        keep(line);
        onLine(line);
      };
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => {
        const parts = (partial + chunk).split('\n');
        partial = (parts.pop() ?? '').slice(0, longestLine);
        for (const part of parts) take(part.trimEnd());
      });
      stream.on('end', () => take(partial.trimEnd()));
      // A pipe that breaks says nothing that the exit code does not.
      stream.on('error', () => {});
    },
    text: () => lines.join('\n'),
  };
}
