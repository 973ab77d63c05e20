// A session that a peer ended is kept by its idle timer, in Node itself; the gateway clears it.

import { once } from 'node:events';
import {
  type ClientHttp2Session,
  connect,
  constants,
  createServer,
  type ServerHttp2Session,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Test, test } from 'tap';
import { clearIdleTimersOfLostSessions } from '../../../../harness/subjects/reference-node/http2-idle-timers.ts';
import { sleep } from '../../../../injectors/determinism.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const sessionCount = 20;

/** How a provider ends a session in the middle of an answer. */
const endings: Readonly<Record<string, (session: ServerHttp2Session) => void>> = {
  'was reset': (session) => void session.socket.resetAndDestroy(),
  'was sent away with an error': (session) => session.goaway(constants.NGHTTP2_INTERNAL_ERROR),
};

for (const [what, end] of Object.entries(endings)) {
  test(`a session that ${what} is collected with this, and without it is not`, async (t) => {
    const port = await rudeServer(t, end);
    t.equal(await keptAfterwards(port), sessionCount, 'Node keeps each by its idle timer');
    const stop = clearIdleTimersOfLostSessions();
    t.equal(await keptAfterwards(port), 0);
    stop();
    t.equal(await keptAfterwards(port), sessionCount, 'stopped');
  });
}

/** Answers with a header, and then ends the session. */
async function rudeServer(t: Test, end: (session: ServerHttp2Session) => void): Promise<number> {
  const server = createServer();
  server.on('stream', (stream) => {
    stream.on('error', () => {});
    stream.respond({ ':status': 200 });
    stream.write('first bytes', () => {
      if (stream.session !== undefined) end(stream.session as ServerHttp2Session);
    });
  });
  server.on('session', (session) => session.on('error', () => {}));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function keptAfterwards(port: number): Promise<number> {
  const sessions: WeakRef<ClientHttp2Session>[] = [];
  for (let nth = 0; nth < sessionCount; nth++) sessions.push(await openUntilEnded(port));
  for (let nth = 0; nth < 5; nth++) {
    await sleep(10);
    collect();
  }
  return sessions.filter((session) => session.deref() !== undefined).length;
}

async function openUntilEnded(port: number): Promise<WeakRef<ClientHttp2Session>> {
  const session = connect(`http://127.0.0.1:${port}`);
  session.on('error', () => {});
  session.setTimeout(300_000);
  const stream = session.request({ ':path': '/' });
  stream.on('error', () => {});
  stream.resume();
  await new Promise<void>((resolve) => session.once('close', resolve));
  return new WeakRef(session);
}
