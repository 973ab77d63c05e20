// One turn of a Live session through @google/genai: connect, ask, and what the session is told. The
// fault acts on the turn; connecting goes undisturbed.

import { within } from '../../../injectors/determinism.ts';
import type { Mocks } from '../../../mocks/server.ts';
import { liveSession, until } from '../../fixtures/live-clients.ts';
import { type Observed, observe, wordsOf } from './observe.ts';

export async function observeTurn(mocks: Mocks, silenceMs: number): Promise<Observed> {
  const account = liveSession(mocks, 3);
  // The SDK parses messages where nobody can catch what it throws.
  let uncaught: unknown;
  const take = (error: unknown) => {
    uncaught ??= error;
  };
  process.on('unhandledRejection', take);
  try {
    await within(
      15_000,
      'The session does not open.',
      until('an opened session', () => account.connected !== undefined),
    );
    account.messages.length = 0;
    const text = 'hi [[leakbed chunks=6]]';
    account.session?.sendClientContent({ turns: [{ role: 'user', parts: [{ text }] }] });
    return await observe(async function* () {
      for (let seen = 0; ; ) {
        await until(
          'news',
          () =>
            account.messages.length > seen ||
            account.closed !== undefined ||
            uncaught !== undefined,
        );
        for (const { serverContent } of account.messages.slice(seen)) {
          seen += 1;
          yield serverContent?.turnComplete === true;
          if (serverContent?.turnComplete === true) return;
        }
        if (uncaught !== undefined) throw new Error(`unhandled ${wordsOf(uncaught)}`);
        if (account.closed !== undefined) throw new Error(`closed ${account.closed}`);
      }
    }, silenceMs);
  } finally {
    process.off('unhandledRejection', take);
    account.session?.close();
  }
}
