// The turns of one Live session: when the model answers, is interrupted, waits for tools. Turns go
// the way of every answer; only notices are sent from here.

import type { Rng } from '../../../injectors/determinism.ts';
import type { RoutedOperation } from '../../provider.ts';
import type { Exchange } from '../../transport/exchange.ts';
import type { WebSocketLink } from '../../transport/websocket.ts';
import type { ToolResponse } from './client-message.ts';
import type { Handles } from './handles.ts';
import { createDraft, type Draft } from './said.ts';
import { messageFrame } from './server-message.ts';
import type { LiveSetup } from './setup.ts';
import { liveTurn } from './turn.ts';

export interface ConversationParts {
  readonly link: WebSocketLink;
  readonly rng: Rng;
  readonly handles: Handles;
  /** Sends one answer the way of all answers. */
  answer(operation: RoutedOperation, exchange: Exchange): void;
}

export interface SessionFacts {
  readonly setup: LiveSetup;
  /** Tokens of an earlier session that this one resumes. */
  readonly contextTokens: number;
  readonly origin: { readonly isOpen: boolean };
  /** Messages of the client so far. */
  messageCount(): number;
}

export interface Conversation {
  readonly draft: Draft;
  /** setupComplete is out. */
  begin(): void;
  /** The client speaks: the turn under way, or the calls it waits for, are of no use any more. */
  interrupt(): void;
  /** What was said wants an answer. */
  ask(): void;
  answerCalls(responses: readonly ToolResponse[]): void;
}

export function createConversation(facts: SessionFacts, parts: ConversationParts): Conversation {
  const { setup } = facts;
  const { link } = parts;
  const draft = createDraft();
  const state = { isReady: false, isAnswering: false, isInterrupting: false, isAsked: false };
  let isToolResponse = false;
  let openCalls = new Set<string>();
  let { contextTokens } = facts;
  const notify = (message: object) => link.send(messageFrame('framing', message).bytes);

  const answerNext = () => {
    if (!state.isReady || state.isAnswering || !state.isAsked) return;
    const said = draft.take(isToolResponse);
    Object.assign(state, { isAnswering: true, isAsked: false });
    isToolResponse = false;
    if (setup.resumption !== undefined) notify({ sessionResumptionUpdate: { resumable: false } });
    const onCalls = (ids: readonly string[]) => {
      openCalls = new Set(ids);
    };
    const onTokens = (total: number) => {
      contextTokens = total;
    };
    const turn = liveTurn({ setup, said, contextTokens, onCalls, onTokens });
    parts.answer(turn, link.exchange(settled));
  };
  const settled = () => {
    state.isAnswering = false;
    if (openCalls.size === 0) offerHandle(facts, contextTokens, parts, notify);
    answerNext();
  };
  const ask = () => {
    state.isAsked = true;
    answerNext();
  };
  return {
    draft,
    begin() {
      state.isReady = true;
      settled();
    },
    ask,
    interrupt() {
      if (!state.isAnswering && openCalls.size > 0) {
        notify({ toolCallCancellation: { ids: [...openCalls] } });
        openCalls.clear();
      }
      if (!state.isReady || !state.isAnswering || state.isInterrupting) return;
      state.isInterrupting = true;
      link.interrupt(() => {
        state.isInterrupting = false;
        openCalls.clear();
        notify({ serverContent: { interrupted: true } });
        notify({ serverContent: { turnComplete: true } });
        settled();
      });
    },
    answerCalls(responses) {
      const known = responses.filter(({ id }) => openCalls.delete(id));
      for (const { json } of known) draft.addText(json);
      if (known.length === 0 || openCalls.size > 0) return;
      isToolResponse = true;
      ask();
    },
  };
}

/** A new handle for all that was said, to a client that wants to resume. */
function offerHandle(
  { setup, origin, messageCount }: SessionFacts,
  contextTokens: number,
  { handles, rng }: ConversationParts,
  notify: (message: object) => void,
): void {
  if (setup.resumption === undefined) return;
  const newHandle = handles.keep({ model: setup.model, contextTokens, origin }, rng);
  const index = { lastConsumedClientMessageIndex: String(messageCount()) };
  const update = { newHandle, resumable: true, ...(setup.resumption.isTransparent && index) };
  notify({ sessionResumptionUpdate: update });
}
