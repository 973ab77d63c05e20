// What the faults about frames of an HTTP/2 connection share: three kinds of them, a file for each
// fault. Frames of a flood and settings are the session's own; broken ones go behind its back.

import { defineInjector, type RegisteredInjector } from '../injector.ts';
import { choice, integer } from '../options.ts';
import { explainPosition, position } from '../position.ts';
import { breakAt } from '../stream/break-at.ts';
import type { BrokenEnding } from '../stream.ts';
import { http2Only } from './exclusions.ts';

type Kind<K extends BrokenEnding['kind']> = Extract<BrokenEnding, { readonly kind: K }>;

interface About {
  readonly name: string;
  readonly summary: string;
}

const shared = { family: 'grpc', isTerminal: true, notOn: http2Only } as const;
const goOn = ['complete', 'hang'] as const;

/** Thousands of frames that each cost the client something; `frames` is what they are called. */
export function defineFlood(
  { name, summary }: About,
  of: Kind<'flood'>['of'],
  frames: string,
): RegisteredInjector {
  return defineInjector({
    ...shared,
    name,
    summary,
    example: `${name};at=2`,
    options: {
      at: position('50%', 'where the flood comes'),
      count: integer(5000, 'how many frames', { min: 1, max: 10_000 }),
      end: choice(goOn, 'complete', 'what follows'),
    },
    explain: ({ at, count, end }) => `sends ${count} ${frames} ${explainPosition(at)}, then ${end}`,
    wire: (stream, { at, count, end: next }, context) =>
      breakAt(stream, at, { kind: 'flood', of, count, next }, `${count} ${frames}`, context),
  });
}

/** A setting of the connection that later requests meet; `what` says which. */
export function defineSetting(
  { name, summary }: About,
  settings: Kind<'settings'>['settings'],
  what: string,
): RegisteredInjector {
  return defineInjector({
    ...shared,
    name,
    summary,
    example: name,
    options: {
      at: position('end', 'where the setting comes'),
      end: choice(goOn, 'complete', 'what becomes of this answer then'),
    },
    explain: ({ at, end }) => `sets ${what} ${explainPosition(at)}, then ${end}`,
    wire: (stream, { at, end: next }, context) =>
      breakAt(stream, at, { kind: 'settings', settings, next }, what, context),
  });
}

/** Bytes that are no frame, or not one that may come; `what` says which. */
export function defineBrokenFrame(
  { name, summary }: About,
  frame: Kind<'broken-frame'>['frame'],
  what: string,
): RegisteredInjector {
  return defineInjector({
    ...shared,
    name,
    summary,
    example: `${name};at=3`,
    options: {
      at: position('50%', 'where the bytes come'),
      end: choice(['hang', 'cut'], 'hang', 'silence behind them, or FIN'),
    },
    explain: ({ at, end }) => `sends ${what} ${explainPosition(at)}, then ${end}`,
    wire: (stream, { at, end: next }, context) =>
      breakAt(stream, at, { kind: 'broken-frame', frame, next }, what, context),
  });
}
