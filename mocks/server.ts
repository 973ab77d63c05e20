// Assembles the fake providers on one port and starts them. State is three things: the plan in
// force, the journal and the switches; everything else is decided by the request and the seed.

import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { freshSeed, systemClock } from '../injectors/determinism.ts';
import type { Identity } from './auth/accounts.ts';
import { type AuthMode, createDoor } from './auth/door.ts';
import type { GoogleOptions } from './auth/google/door.ts';
import { tokenFor } from './control/admission.ts';
import { createFeed } from './control/feed.ts';
import { isControlPath, isFeedUpgrade, mountControl } from './control.ts';
import { receiveGrpc } from './grpc.ts';
import { createIntake, type Intake } from './intake.ts';
import { createJournal, type Journal } from './journal.ts';
import { type Address, createPortServer, listenAlso } from './listen.ts';
import { acceptWebSockets, isLiveUpgrade, liveRoute, mountLive } from './live.ts';
import { createMemory } from './memory.ts';
import { createPlanInForce, type PlanInForce } from './plan-in-force.ts';
import { mountRest, restRoute } from './rest.ts';
import { createSwitches, type Switches } from './switches.ts';
import { createTally } from './tally.ts';
import type { Authority } from './tls/authority.ts';
import type { Certificate } from './tls/certificate.ts';
import { hostNames } from './tls/host-names.ts';
import { createWheel } from './transport/wheel.ts';
import type { Forwarder } from './upstream/forward.ts';

export interface MocksOptions {
  readonly host?: string | undefined;
  /** 0 picks a free port. */
  readonly port?: number | undefined;
  readonly seed?: number | undefined;
  /** Required when `host` is not loopback; the control plane then asks for it. */
  readonly token?: string | undefined;
  /** A fault plan as JSON; refused with every problem when it cannot work. */
  readonly plan?: unknown;
  readonly journalCapacity?: number | undefined;
  /** `verify` asks clients for credentials; `off`, the default, never looks at them. */
  readonly auth?: AuthMode | undefined;
  /** Who has credentials; by default one user with the documentation's example key. */
  readonly identities?: readonly Identity[] | undefined;
  /** Google's accounts, and the key that its key file holds. */
  readonly google?: GoogleOptions | undefined;
  /** Serves TLS on the same port, with a certificate from this authority. */
  readonly authority?: Authority | undefined;
  /** Further addresses of the same server; the plain one of the metadata services, for instance. */
  readonly alsoOn?: readonly Address[] | undefined;
  /** Answers come from this base URL instead of being made; only faults of the wire act then. */
  readonly upstream?: URL | undefined;
}

export interface Mocks extends AsyncDisposable {
  readonly url: string;
  /** Undefined without an authority. */
  readonly tlsUrl: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly seed: number;
  readonly plan: PlanInForce;
  readonly journal: Journal;
  readonly switches: Switches;
  /** Streams that wait for their next frame; 0 when nothing is in flight. */
  readonly waitingStreams: number;
  close(): Promise<void>;
}

/** As large as the largest real limit (25 MB) and some room for the envelope. */
const bodyLimitBytes = 30_000_000;

/**
 * Starts the fakes. Rejects when the plan has problems, when the port is taken, and when `host` is
 * not loopback and no token was given.
 */
export async function startMocks(options: MocksOptions = {}): Promise<Mocks> {
  const host = options.host ?? '127.0.0.1';
  const hosts = [host, ...(options.alsoOn ?? []).map((also) => also.host)];
  const token = tokenFor('the control plane', hosts, options.token);
  const seed = options.seed ?? freshSeed();
  const clock = createWheel();
  const plan = createPlanInForce();
  const problems = options.plan === undefined ? [] : plan.set(options.plan);
  if (problems.length > 0) throw new Error(`Cannot use the plan: ${problems.join(' ')}`);
  const journal = createJournal(clock, options.journalCapacity ?? 10_000);
  const switches = createSwitches(systemClock);
  const memory = createMemory();
  const now = () => clock.wallTime();
  const { auth = 'off', identities, google } = options;
  const door = createDoor({ auth, identities, google, now });
  const intake = createIntake(seed, { plan, journal, clock }, memory, door.gate);
  // Loaded where it is wanted: with its HTTP client it weighs a sixth of what the fakes do.
  const forwarder =
    options.upstream &&
    (await import('./upstream/forward.ts')).createForwarder(options.upstream, intake);
  const certificate = options.authority?.issue(hostNames(hosts));
  const app = createApp(intake, forwarder, certificate);
  const tally = createTally();
  journal.watch(tally.add);
  const feed = createFeed({ clock: systemClock, journal, tally, plan, switches, seed });
  const waitingStreams = () => clock.waiting;
  const parts = { plan, journal, memory, switches, tally, feed, waitingStreams };
  await acceptWebSockets(app);
  mountControl(app, { ...parts, token, seed });
  mountRest(app, intake, door);
  mountLive(app, intake, clock);
  await app.listen({ host, port: options.port ?? 4010 });
  const { port } = app.server.address() as AddressInfo;
  const close = async () => {
    app.server.closeAllConnections();
    await app.close();
    await forwarder?.close();
  };
  await listenAlso(app.server, options.alsoOn ?? []).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const origin = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    url: `http://${origin}`,
    tlsUrl: certificate && `https://${origin}`,
    host,
    port,
    seed,
    plan,
    journal,
    switches,
    get waitingStreams() {
      return clock.waiting;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** One port for all; with an upstream only the control plane is answered here. */
function createApp(
  intake: Intake,
  forwarder: Forwarder | undefined,
  certificate: Certificate | undefined,
): FastifyInstance {
  const isOwn = (url = '/') => forwarder === undefined || isControlPath(url);
  return fastify({
    logger: false,
    // The schemas are ours and tests use them; to have them checked too is a tenth of the start.
    ajv: { customOptions: { validateSchema: false } },
    bodyLimit: bodyLimitBytes,
    rewriteUrl: (request) => {
      if (isControlPath(request.url ?? '/')) return request.url ?? '/';
      return isLiveUpgrade(request) ? liveRoute : restRoute;
    },
    serverFactory: (handler) =>
      createPortServer(
        (request, response) => {
          if (isOwn(request.url)) handler(request, response);
          else forwarder?.rest(request, response);
        },
        (stream, headers) => {
          if (forwarder === undefined) void receiveGrpc(stream, headers, intake);
          else forwarder.grpc(stream, headers);
        },
        (request) => isFeedUpgrade(request) || (forwarder === undefined && isLiveUpgrade(request)),
        certificate,
      ),
  });
}
