// `live`: the feed over a WebSocket, for dashboards and scripts. Who listens too slowly misses
// messages instead of filling our memory; a run tells what it sees with `POST live`.

import type { FastifyInstance } from 'fastify';
import type { Feed } from './feed.ts';
import { fields } from './schemas.ts';
import { type Told, toldTypes } from './story.ts';

/** A listener with this much unread misses messages until it has caught up. */
const unreadLimitBytes = 1_048_576;
const listenerLimit = 64;
const tryAgainLater = 1013;
const notForUs = 1003;

const told = fields({ type: { enum: toldTypes } });

export const livePath = '/live';

export function mountLiveFeed(control: FastifyInstance, feed: Feed): void {
  control.route({
    method: 'GET',
    url: livePath,
    schema: { summary: 'WebSocket: state of the fakes and what a run tells.' },
    handler: (_, reply) =>
      reply
        .code(426)
        .header('upgrade', 'websocket')
        .send({ error: 'Cannot serve this without a WebSocket upgrade.' }),
    wsHandler(ws) {
      if (feed.listeners >= listenerLimit) {
        ws.close(tryAgainLater, `Cannot serve more than ${listenerLimit} listeners.`);
        return;
      }
      const stop = feed.subscribe((message) => {
        if (ws.bufferedAmount < unreadLimitBytes) ws.send(message);
      });
      ws.on('ping', (data) => ws.pong(data));
      ws.on('message', () => ws.close(notForUs, 'This socket only tells; use the HTTP API.'));
      ws.on('error', () => ws.terminate());
      ws.once('close', stop);
    },
  });
  control.post<{ Body: Told }>(
    livePath,
    {
      bodyLimit: 65_536,
      schema: { summary: 'Pass a message of a run on to all listeners.', body: told },
    },
    ({ body }, reply) => {
      feed.tell(body);
      return reply.code(204).send();
    },
  );
}
