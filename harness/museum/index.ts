// The museum: published leaks of real SDKs, each with the exact versions that show it. `leakbed
// leaks` lists them, `leakbed repro SLUG` runs one.

import type { Repro } from '../repro/repro.ts';
import { aiAbortedStreams } from './ai-aborted-streams.ts';
import { anthropicAbortListeners } from './anthropic-abort-listeners.ts';
import { awsCutStreams } from './aws-cut-streams.ts';
import { genaiAbortListeners } from './genai-abort-listeners.ts';
import { grpcIdleTimers } from './grpc-idle-timers.ts';
import { grpcMessageOverLimit } from './grpc-message-over-limit.ts';
import { grpcioChannelCredentials } from './grpcio-channel-credentials.ts';
import { openaiAbortListeners } from './openai-abort-listeners.ts';
import { pydanticRecursiveAdapters } from './pydantic-recursive-adapters.ts';
import { smithyAbortListeners } from './smithy-abort-listeners.ts';
import { smithyDrainedSessions } from './smithy-drained-sessions.ts';
import { smithyPooledSessions } from './smithy-pooled-sessions.ts';
import { undiciAbortSignals } from './undici-abort-signals.ts';
import { undiciUnreadClones } from './undici-unread-clones.ts';

export const museum: readonly Repro[] = [
  smithyDrainedSessions,
  smithyPooledSessions,
  smithyAbortListeners,
  awsCutStreams,
  aiAbortedStreams,
  genaiAbortListeners,
  openaiAbortListeners,
  anthropicAbortListeners,
  undiciUnreadClones,
  undiciAbortSignals,
  grpcIdleTimers,
  grpcMessageOverLimit,
  pydanticRecursiveAdapters,
  grpcioChannelCredentials,
];

export function findPublished(slug: string): Repro | undefined {
  return museum.find((repro) => repro.slug === slug);
}
