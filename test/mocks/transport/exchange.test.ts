// How a connection is ended in the orderly way, by however many of its streams.

import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'tap';
import { sendFin } from '../../../mocks/transport/exchange.ts';
import { startUpstream } from '../../fixtures/tcp-pair.ts';

test('streams of one connection that are cut together end it once', async (t) => {
  const upstream = await startUpstream(t);
  const accepted = upstream.accept();
  const client = connect(Number(upstream.address.split(':')[1]), '127.0.0.1');
  t.teardown(() => client.destroy());
  const socket = await accepted;
  const before = socket.listenerCount('close');
  const ended = once(client.resume(), 'end');
  for (let stream = 0; stream < 30; stream++) sendFin(socket);
  t.equal(socket.listenerCount('close') - before, 1);
  await ended;
});
