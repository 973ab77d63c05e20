// The Live API under TLS on the same port: turns come, and faults that end the connection reach the
// TCP socket beneath.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'tap';
import WebSocket from 'ws';
import { startMocks } from '../../../../mocks/server.ts';
import { openAuthority } from '../../../../mocks/tls/authority.ts';
import { until } from '../../../fixtures/live-clients.ts';
import { livePath, setupMessage, userTurn } from '../../../fixtures/live-wire.ts';

test('wss', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'leakbed-live-'));
  const authority = await openAuthority({ folder, now: new Date() });
  const mocks = await startMocks({ port: 0, seed: 1, authority });
  t.teardown(async () => {
    await mocks.close();
    await rm(folder, { recursive: true });
  });
  const ca = await readFile(authority.caFile);
  const outcomes = {
    noop: 7,
    'truncate;at=2;end=cut': 1006,
    'reset;at=2': 1006,
    'close;at=2;code=1008': 1008,
  };
  for (const [fault, wanted] of Object.entries(outcomes)) {
    t.test(`a turn under ${fault}`, async (t) => {
      const socket = new WebSocket(`wss://127.0.0.1:${mocks.port}${livePath}`, { ca });
      let messages = -1;
      let closed: number | undefined;
      socket.on('message', () => {
        messages += 1;
      });
      socket.on('close', (code) => {
        closed = code;
      });
      socket.on('open', () => {
        socket.send(JSON.stringify(setupMessage()));
        socket.send(JSON.stringify(userTurn(`[[leakbed chunks=5 fault=${fault}]]`)));
      });
      await until('the turn is over', () => messages === 7 || closed !== undefined);
      t.equal(closed ?? messages, wanted);
      if (closed !== undefined) t.equal(messages, 2);
      socket.terminate();
    });
  }
});
