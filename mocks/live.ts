// The Live API's way in: WebSocket upgrades to Vertex AI's bidirectional service, by way of
// @fastify/websocket. The upgrade itself, the setup and every turn are answered like requests, so
// that each has its place in the seed and the journal, and its faults.

import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import websocket from '@fastify/websocket';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { type Clock, seededRng } from '../injectors/determinism.ts';
import type { TransportName } from '../injectors/stream.ts';
import { answerRequest } from './answer.ts';
import type { Intake } from './intake.ts';
import type { ApiRequest, ErrorAnswer, RoutedOperation } from './provider.ts';
import { type Exchange, sendFin, sendReset } from './transport/exchange.ts';
import { websocketLink } from './transport/websocket.ts';
import { type Guard, liveGuard } from './vertex/guard.ts';
import { closeStatus } from './vertex/live/close-status.ts';
import { createHandles } from './vertex/live/handles.ts';
import { isLivePath } from './vertex/live/live-path.ts';
import { liveConnect, refusalIn } from './vertex/live/opening.ts';
import { startSession } from './vertex/live/session.ts';
import { vertex } from './vertex/provider.ts';

/** Where all accepted upgrades are routed to, however their path was written. */
export const liveRoute = '/live';

/** Largest message of a client. */
const maxPayload = 30_000_000;
const closeLimitMs = 5000;

type RequestHead = Pick<IncomingMessage, 'headers' | 'url' | 'method'>;

export function isLiveUpgrade({ headers, url = '/', method }: RequestHead): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && isLivePath(url);
}

/** WebSockets for the whole server: it may be registered only once. */
export async function acceptWebSockets(app: FastifyInstance): Promise<void> {
  // Not `ws` but the link answers pings, so that no pong goes into the middle of a frame.
  const options = { maxPayload, autoPong: false, closeTimeout: closeLimitMs };
  await app.register(websocket, { options, errorHandler: dropUnlessClosing });
}

export function mountLive(app: FastifyInstance, intake: Intake, clock: Clock): void {
  app.register(async (live) => {
    live.route({
      method: 'GET',
      url: liveRoute,
      preValidation: (request, reply) => admitUpgrade(request, reply, intake),
      handler: (_request, reply) => reply.code(404).send(),
      wsHandler: (ws, request) => serve(ws, request, intake, clock),
    });
  });
}

/** What is wrong with a client's frames `ws` itself answers with a close frame. */
function dropUnlessClosing(error: Error & { readonly code?: string }, ws: WebSocket): void {
  if (error.code?.startsWith('WS_ERR_') !== true) ws.terminate();
}

/** Lets the upgrade pass, refuses it, or never settles when a fault leaves it unanswered. */
function admitUpgrade(request: FastifyRequest, reply: FastifyReply, intake: Intake): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { socket } = request.raw;
  const header = words(request);
  const { apiRequest, context } = admitted(request, 'http1', refusalIn(header), intake);
  let isAnswered = false;
  const reject = ({ status, headers, body }: ErrorAnswer) => {
    isAnswered = true;
    reply
      .code(status)
      .headers({ ...headers, connection: 'close' })
      .send(body);
    resolve();
  };
  const refuse: Exchange['fail'] = (name, message, extra, hints) => {
    const { status, headers, body } = vertex.errorAnswer(name, message, apiRequest, hints);
    reject({ status: hints?.status ?? status, headers: { ...headers, ...extra }, body });
  };
  const leave = () => socket.destroy();
  const closes: (() => void)[] = [];
  const gone = () => {
    for (const callback of closes) callback();
  };
  const admit = () => {
    isAnswered = true;
    // The session lasts, and what belongs to the upgrade must not last with it.
    socket.off('end', leave);
    socket.off('close', gone);
    resolve();
  };
  socket.once('close', gone);
  const onClose = (callback: () => void) => void closes.push(callback);
  const exchange = upgradeExchange(socket, { admit, reject, refuse, onClose });
  const connect = liveConnect();
  const read = () => {
    guardFor(request, apiRequest).enter();
    return connect.read();
  };
  answerRequest(apiRequest, { ...connect, read }, exchange, context);
  if (!isAnswered && !socket.destroyed) {
    // Nobody reads this socket yet, and only a reader learns that the client has left.
    socket.once('end', leave);
    socket.resume();
  }
  return promise;
}

interface UpgradeParts {
  readonly admit: () => void;
  readonly reject: (answer: ErrorAnswer) => void;
  readonly refuse: Exchange['fail'];
  readonly onClose: Exchange['onClose'];
}

function upgradeExchange(
  socket: Socket,
  { admit, reject, refuse, onClose }: UpgradeParts,
): Exchange {
  // A fault may answer something else than the 101 that `ws` writes, a page of HTML for instance.
  let other: Omit<ErrorAnswer, 'body'> | undefined;
  const pieces: Uint8Array[] = [];
  return {
    head(status, headers) {
      if (status !== 101) other = { status, headers };
    },
    write(bytes) {
      if (other !== undefined) pieces.push(bytes);
      return true;
    },
    fail: refuse,
    finish(ending) {
      switch (ending.kind) {
        case 'complete':
        case 'flood':
        case 'settings':
          if (other === undefined) admit();
          else reject({ ...other, body: Buffer.concat(pieces) });
          return;
        case 'exception':
          refuse(ending.name, ending.message, {}, ending.hints);
          return;
        case 'cut':
        case 'close':
        case 'goaway':
        case 'bad-framing':
        case 'broken-frame':
          sendFin(socket);
          return;
        case 'reset':
        case 'cancel':
          sendReset(socket);
          return;
        case 'hang':
          return;
        default:
          ending satisfies never;
      }
    },
    onDrain() {},
    onClose,
  };
}

function serve(ws: WebSocket, request: FastifyRequest, intake: Intake, clock: Clock): void {
  const { socket } = request.raw;
  const header = words(request);
  const link = websocketLink(ws, socket, clock, closeStatus);
  const { apiRequest: upgrade } = admitted(request, 'websocket', '', intake);
  const { requestId } = upgrade;
  const answer = (operation: RoutedOperation, exchange: Exchange) => {
    const own = operation.name === 'LiveTurn' ? header : '';
    const { apiRequest, context } = admitted(request, 'websocket', own, intake);
    answerRequest(apiRequest, operation, exchange, context);
  };
  const session = startSession({
    link,
    clock,
    handles: intake.memory.of('live-handles', () => createHandles()),
    rng: seededRng(Number.parseInt(requestId.slice(0, 8), 16)),
    sessionId: requestId,
    words: header,
    allow: guardFor(request, upgrade).enter(),
    answer,
  });
  ws.on('message', (data: Buffer) => session.receive(data));
  socket.once('close', session.end);
}

/** Faults of the upgrade are all that `apiRequest` has of its headers. */
function guardFor({ headers }: FastifyRequest, apiRequest: ApiRequest): Guard {
  return liveGuard({ ...apiRequest, headers });
}

function words({ headers }: FastifyRequest): string {
  const header = headers['x-leakbed'];
  return typeof header === 'string' ? header : '';
}

function admitted(
  { raw, originalUrl }: FastifyRequest,
  transport: TransportName,
  leakbed: string,
  intake: Intake,
) {
  const [rawPath = '/', query] = originalUrl.split('?');
  const admission = intake.admit(raw.socket);
  const apiRequest: ApiRequest = {
    method: 'GET',
    rawPath,
    query: new URLSearchParams(query),
    headers: leakbed === '' ? {} : { 'x-leakbed': leakbed },
    body: Buffer.alloc(0),
    memory: intake.memory,
    gate: intake.gate,
    transport,
    requestId: admission.requestId,
  };
  return { apiRequest, context: admission.contextFor(vertex) };
}
