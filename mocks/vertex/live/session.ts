// One Live session: what the client sends, in order. The setup comes first and once; everything
// after it goes to the conversation. The connection ends after its time, with a goAway before.
//
//   new ─ setup ─► settling ─ setupComplete ─► ready ─ end of speech or text ─► turn ─► ready …

import type { Clock } from '../../../injectors/determinism.ts';
import { ProviderError } from '../../provider.ts';
import { type ClientMessage, invalid, readClientMessage } from './client-message.ts';
import { closeStatus } from './close-status.ts';
import { type Conversation, type ConversationParts, createConversation } from './conversation.ts';
import type { Handles } from './handles.ts';
import { endLater, sessionMs } from './lifetime.ts';
import { createListener, type RealtimeInput } from './listening.ts';
import { liveSetup } from './opening.ts';
import { messageFrame } from './server-message.ts';
import { type LiveSetup, readSetup } from './setup.ts';

export interface SessionParts extends ConversationParts {
  readonly clock: Clock;
  readonly sessionId: string;
  /** Words of the upgrade's `x-leakbed` header, for the session's own length. */
  readonly words: string;
  /** Throws unless this caller may ask this model. */
  readonly allow: (model: string) => void;
}

export interface LiveSession {
  receive(data: Buffer): void;
  /** The connection is gone. */
  end(): void;
}

interface Ready {
  readonly conversation: Conversation;
  readonly hear: (input: RealtimeInput) => void;
}

/** A client that never sends its setup is not waited for longer than this. */
const setupLimitMs = 60_000;
const tooOld = 'Deadline expired before operation could complete.';

export function startSession(parts: SessionParts): LiveSession {
  const { link, clock, handles } = parts;
  const origin = { isOpen: true };
  let ready: Ready | undefined;
  let messageCount = 0;
  const end = () => link.close(closeStatus('DEADLINE_EXCEEDED', tooOld));
  const notify = (message: object) => link.send(messageFrame('framing', message).bytes);
  let cancelTimer = clock.after(setupLimitMs, end);

  const begin = (setup: LiveSetup) => {
    const contextTokens = tokensBefore(setup, handles);
    const facts = { setup, contextTokens, origin, messageCount: () => messageCount };
    const conversation = createConversation(facts, parts);
    ready = { conversation, hear: createListener(setup, conversation) };
    cancelTimer();
    cancelTimer = endLater(sessionMs(parts.words, setup.directive), clock, notify, end);
    parts.answer(liveSetup(setup, parts.sessionId), link.exchange(conversation.begin));
  };
  return {
    receive(data) {
      try {
        const message = readClientMessage(data);
        messageCount += 1;
        if (ready !== undefined) take(message, ready);
        else if (message.kind === 'setup') {
          const setup = readSetup(message.setup);
          parts.allow(String(message.setup('model')));
          begin(setup);
        } else throw invalid();
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

function take(message: ClientMessage, { conversation, hear }: Ready): void {
  switch (message.kind) {
    case 'setup':
      throw invalid();
    case 'content':
      conversation.interrupt();
      for (const text of message.texts) conversation.draft.addText(text);
      if (message.isComplete) conversation.ask();
      return;
    case 'realtime':
      hear(message);
      return;
    case 'tool-response':
      conversation.answerCalls(message.responses);
      return;
    default:
      message satisfies never;
  }
}

/** Tokens of the session that is resumed; throws when that cannot be. */
function tokensBefore({ model, resumption }: LiveSetup, handles: Handles): number {
  const handle = resumption?.handle ?? '';
  if (handle === '') return 0;
  const earlier = handles.find(handle);
  if (earlier === undefined || earlier.model !== model) {
    throw new ProviderError('NOT_FOUND', 'BidiGenerateContent session not found');
  }
  if (earlier.origin.isOpen) throw new ProviderError('INTERNAL', '');
  return earlier.contextTokens;
}
