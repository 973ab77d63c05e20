// One Live session: what the client sends, in order, and the turns it leads to. Nothing is sent
// here but notices; turns go the way of every answer, through script, faults and transport.
//
//   new ─ setup ─► settling ─ setupComplete ─► ready ─ end of speech or text ─► turn ─► ready …
//
// A client that speaks during a turn interrupts it. The connection ends after its time, with a
// goAway before.

import type { Clock, Rng } from '../../../injectors/determinism.ts';
import { ProviderError, type RoutedOperation } from '../../provider.ts';
import { findDirective, scriptSettings } from '../../script/directive.ts';
import type { Exchange } from '../../transport/exchange.ts';
import type { WebSocketLink } from '../../transport/websocket.ts';
import { type ClientMessage, invalid, readClientMessage } from './client-message.ts';
import { closeStatus } from './close-status.ts';
import type { Handles } from './handles.ts';
import { liveSetup } from './opening.ts';
import { createDraft } from './said.ts';
import { messageFrame } from './server-message.ts';
import { type LiveSetup, readSetup } from './setup.ts';
import { createSpeechDetector, type SpeechDetector } from './speech.ts';
import { liveTurn } from './turn.ts';

export interface SessionParts {
  readonly link: WebSocketLink;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly handles: Handles;
  readonly sessionId: string;
  /** Words of the upgrade's `x-leakbed` header, for the session's own length. */
  readonly words: string;
  /** Sends one answer the way of all answers. */
  answer(operation: RoutedOperation, exchange: Exchange): void;
}

export interface LiveSession {
  receive(data: Buffer): void;
  /** The connection is gone. */
  end(): void;
}

/** A client that never sends its setup is not waited for longer than this. */
const setupLimitMs = 60_000;
/** Time between goAway and the end, or half the session where that is shorter. */
const noticeMs = 50_000;
const tooOld = 'Deadline expired before operation could complete.';

export function startSession(parts: SessionParts): LiveSession {
  const { link, clock, handles } = parts;
  const origin = { isOpen: true };
  const draft = createDraft();
  let setup: LiveSetup | undefined;
  let speech: SpeechDetector | undefined;
  let isReady = false;
  let isAnswering = false;
  let isInterrupting = false;
  /** Something was said that wants an answer. */
  let isAsked = false;
  let isToolResponse = false;
  let openCalls = new Set<string>();
  let contextTokens = 0;
  let messageCount = 0;
  const refuseLate = () => link.close(closeStatus('DEADLINE_EXCEEDED', tooOld));
  let cancelTimer = clock.after(setupLimitMs, refuseLate);

  const notify = (message: object) => link.send(messageFrame('framing', message).bytes);
  const offerHandle = () => {
    if (setup?.resumption === undefined) return;
    const { model, resumption } = setup;
    const newHandle = handles.keep({ model, contextTokens, origin }, parts.rng);
    const index = { lastConsumedClientMessageIndex: String(messageCount) };
    const update = { newHandle, resumable: true, ...(resumption.isTransparent && index) };
    notify({ sessionResumptionUpdate: update });
  };

  const begin = (message: LiveSetup) => {
    setup = message;
    speech = createSpeechDetector(message.activity.silenceMs);
    const handle = message.resumption?.handle ?? '';
    if (handle !== '') contextTokens = resume(handle, message.model, handles);
    cancelTimer();
    cancelTimer = endLater(sessionMs(parts.words, message.directive), clock, notify, refuseLate);
    const settled = () => {
      isReady = true;
      offerHandle();
      answerNext();
    };
    parts.answer(liveSetup(message, parts.sessionId), link.exchange(settled));
  };

  const answerNext = () => {
    if (setup === undefined || !isReady || isAnswering || !isAsked) return;
    const said = draft.take(isToolResponse);
    isAnswering = true;
    isAsked = false;
    isToolResponse = false;
    if (setup.resumption !== undefined) notify({ sessionResumptionUpdate: { resumable: false } });
    const turn = liveTurn({
      setup,
      said,
      contextTokens,
      onCalls: (ids) => {
        openCalls = new Set(ids);
      },
      onTokens: (total) => {
        contextTokens = total;
      },
    });
    parts.answer(turn, link.exchange(turnEnded));
  };
  const turnEnded = () => {
    isAnswering = false;
    if (openCalls.size === 0) offerHandle();
    answerNext();
  };

  /** The client speaks: the turn under way, or the calls it waits for, are of no use any more. */
  const interrupt = () => {
    if (!isAnswering && openCalls.size > 0) {
      notify({ toolCallCancellation: { ids: [...openCalls] } });
      openCalls.clear();
    }
    if (!isReady || !isAnswering || isInterrupting) return;
    isInterrupting = true;
    link.interrupt(() => {
      isInterrupting = false;
      openCalls.clear();
      notify({ serverContent: { interrupted: true } });
      notify({ serverContent: { turnComplete: true } });
      turnEnded();
    });
  };
  const ask = () => {
    isAsked = true;
    answerNext();
  };

  const hear = (message: Extract<ClientMessage, { kind: 'realtime' }>) => {
    if (setup === undefined || speech === undefined) return;
    const { isManual, interrupts } = setup.activity;
    if (!isManual && (message.isStart || message.isEnd)) {
      throw invalid(
        'Explicit activity control is not supported when automatic activity detection is enabled.',
      );
    }
    const speaks = () => {
      if (interrupts) interrupt();
    };
    if (message.isStart) speaks();
    let hasEnded = message.isEnd;
    for (const sound of message.sounds) {
      const change = isManual ? undefined : speech.hear(sound);
      if (change === 'begun') speaks();
      if (change === 'ended') hasEnded = true;
      if (isManual || speech.isSpeaking || change === 'ended') draft.addSound(sound);
    }
    if (message.isStreamEnd && speech.end()) hasEnded = true;
    if (message.text !== undefined) {
      speaks();
      draft.addText(message.text);
      // Text is its own end, unless the client says where its activity ends.
      if (!isManual) hasEnded = true;
    }
    if (hasEnded) ask();
  };

  const take = (message: ClientMessage) => {
    // One setup, and nothing before it.
    if ((message.kind === 'setup') !== (setup === undefined)) throw invalid();
    messageCount += 1;
    switch (message.kind) {
      case 'setup':
        begin(readSetup(message.setup));
        return;
      case 'content':
        interrupt();
        for (const text of message.texts) draft.addText(text);
        if (message.isComplete) ask();
        return;
      case 'realtime':
        hear(message);
        return;
      case 'tool-response': {
        const known = message.responses.filter(({ id }) => openCalls.delete(id));
        for (const { json } of known) draft.addText(json);
        if (known.length === 0 || openCalls.size > 0) return;
        isToolResponse = true;
        ask();
        return;
      }
      default:
        message satisfies never;
    }
  };

  return {
    receive(data) {
      try {
        take(readClientMessage(data));
      } catch (error) {
        const isRefusal = error instanceof ProviderError;
        link.close(closeStatus(isRefusal ? error.code : 'INTERNAL', String(Object(error).message)));
      }
    },
    end() {
      origin.isOpen = false;
      cancelTimer();
    },
  };
}

/** Tokens of what the session had said before; throws when it cannot be resumed. */
function resume(handle: string, model: string, handles: Handles): number {
  const earlier = handles.find(handle);
  if (earlier === undefined || earlier.model !== model) {
    throw new ProviderError('NOT_FOUND', 'BidiGenerateContent session not found');
  }
  if (earlier.origin.isOpen) throw new ProviderError('INTERNAL', '');
  return earlier.contextTokens;
}

/** The session's length as the header says it, else the system instruction. */
function sessionMs(header: string, instruction: string): number {
  const given = [`[[leakbed ${header}]]`, instruction]
    .map((words) => findDirective(words)?.words.session)
    .find((session) => session !== undefined);
  return scriptSettings(given === undefined ? {} : { session: given }).settings.session;
}

/** goAway some time before the end, then the end; the returned function cancels both. */
function endLater(
  lengthMs: number,
  clock: Clock,
  notify: (message: object) => void,
  end: () => void,
): () => void {
  const leftMs = Math.min(noticeMs, lengthMs / 2);
  let cancel = clock.after(lengthMs - leftMs, () => {
    notify({ goAway: { timeLeft: `${leftMs / 1000}s` } });
    cancel = clock.after(leftMs, end);
  });
  return () => cancel();
}
