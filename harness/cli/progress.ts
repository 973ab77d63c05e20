// Progress on stderr: one line that rewrites itself on a terminal, plain lines elsewhere.

import { stripVTControlCharacters, styleText } from 'node:util';
import { systemClock } from '../../injectors/determinism.ts';
import type { Progress } from '../progress.ts';
import { redactText } from '../redact.ts';
import { timeLeft } from './time-left.ts';

export interface ProgressOptions {
  readonly isTerminal: boolean;
  readonly color: boolean;
  readonly width: number;
  write(text: string): void;
}

/** Without a terminal, updates of one phase are told at most this often. */
const plainEveryMs = 10_000;

export function terminalProgress({ isTerminal, color, width, write }: ProgressOptions): Progress {
  const startedMs = systemClock.nowMs();
  let phase = '';
  let left = timeLeft([]);
  let isLineOpen = false;
  let toldMs = Number.NEGATIVE_INFINITY;
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(style, text, { validateStream: false }) : text;
  const seconds = () => `${((systemClock.nowMs() - startedMs) / 1000).toFixed(0).padStart(4)} s  `;
  const remaining = () => {
    const leftSeconds = left.leftSeconds(systemClock.nowMs());
    if (leftSeconds === null) return '';
    const isLong = leftSeconds >= 120;
    return `, about ${isLong ? `${Math.round(leftSeconds / 60)} min` : `${leftSeconds} s`} left`;
  };
  const line = (text: string) => {
    if (isLineOpen) write('\r\x1b[2K');
    isLineOpen = false;
    write(`${text}\n`);
  };
  return {
    scenario(id, index, count, plan) {
      left = timeLeft(plan ?? []);
      line('');
      line(paint('bold', `${id} (${index} of ${count})`));
    },
    phase(name, title) {
      phase = name;
      toldMs = systemClock.nowMs();
      left.enter(name, toldMs);
      line(
        `${paint('dim', seconds())}${paint('cyan', name)}: ${title}${paint('dim', remaining())}`,
      );
    },
    update(text) {
      if (!isTerminal) {
        if (systemClock.nowMs() - toldMs < plainEveryMs) return;
        toldMs = systemClock.nowMs();
        line(`${seconds()}${phase}: ${text}${remaining()}`);
        return;
      }
      const whole = `${seconds()}  ${text}${remaining()}`;
      write(`\r\x1b[2K${paint('dim', stripVTControlCharacters(whole).slice(0, width - 1))}`);
      isLineOpen = true;
    },
    warn: (text) => line(`${paint('yellow', 'warning:')} ${redactText(text)}`),
    end: (text) => line(text),
  };
}

/** Progress for this process's stderr, honouring NO_COLOR and pipes. */
export function stderrProgress(): Progress {
  const { stderr } = process;
  const isTerminal = stderr.isTTY === true;
  return terminalProgress({
    isTerminal,
    color: isTerminal && process.env.NO_COLOR === undefined,
    width: stderr.columns ?? 100,
    write: (text) => void stderr.write(text),
  });
}
