// What comes before the first turn, as operations of their own: the upgrade of the connection and
// the answer to the setup message. Each is a stream of one event, so that every fault has a place:
// `error` refuses, `hang` never answers, `stall` answers late. Planned faults must name them.

import { bindFaults } from '../../../injectors/registry.ts';
import type { AnswerRole } from '../../../injectors/stream.ts';
import type { Answer, Call, Codec, EncodedFrame, RoutedOperation } from '../../provider.ts';
import { findDirective, parseDirective, scriptSettings } from '../../script/directive.ts';
import { messageFrame } from './server-message.ts';
import type { LiveSetup } from './setup.ts';

/** The frame stands for the response to the upgrade, which `ws` writes. */
export function liveConnect(): RoutedOperation {
  return single('LiveConnect', '', '', { bytes: new Uint8Array(0), label: 'body' }, 'upgrade');
}

export function liveSetup(setup: LiveSetup, sessionId: string): RoutedOperation {
  const complete = messageFrame('start', { setupComplete: { sessionId } });
  const { model, modelWords, directive } = setup;
  // The nearest that refuses is told as if it were the directive of the setup itself.
  const refusal = refusalIn(directive) || asDirective(refusalIn(modelWords ?? ''));
  return single('LiveSetup', model, refusal, complete);
}

/**
 * The words of a header, or of a system instruction, that concern the message they came with: an
 * error in place of its response, and whatever is wrong with them. All else is for the turns.
 */
export function refusalIn(words: string): string {
  const directive = findDirective(words) ?? parseDirective(words);
  const problems = [
    ...directive.problems,
    ...bindFaults(directive.faults).problems,
    ...scriptSettings(directive.words).problems,
  ];
  const refuses = problems.length > 0 || directive.faults.some(({ fault }) => fault === 'error');
  return refuses ? words : '';
}

function asDirective(words: string): string {
  return words === '' ? '' : `[[leakbed ${words}]]`;
}

function single(
  name: string,
  model: string,
  prompt: string,
  frame: EncodedFrame,
  role?: AnswerRole,
): RoutedOperation {
  const call: Call = { operation: name, model, prompt, inputTokens: 0, isNamedOnly: true };
  const codec: Codec = {
    encode: (event) => (event.kind === 'start' ? [frame] : []),
    finish: () => [],
    exception: () => [],
  };
  const answer: Answer = {
    status: 101,
    headers: {},
    codec,
    isStreaming: true,
    totalEvents: 1,
    ...(role && { role }),
  };
  return { name, read: () => ({ call, answer: () => answer }) };
}
