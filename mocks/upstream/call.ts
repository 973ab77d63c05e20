// Asks the one configured upstream: over HTTP/1.1, or over HTTP/2 where the request needs it (gRPC,
// and calls that are answered while the client still speaks). Redirects are not followed.

import { type ClientHttp2Session, connect, constants, type IncomingHttpHeaders } from 'node:http2';
import type { Readable } from 'node:stream';
import { Agent } from 'undici';
import type { Ending } from '../../injectors/stream.ts';
import type { UpstreamBody } from './arrivals.ts';
import { plainHeaders } from './headers.ts';

export interface UpstreamRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable | Buffer | undefined;
  readonly signal: AbortSignal;
}

export interface UpstreamAnswer extends UpstreamBody {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Upstream {
  /** Rejects when no answer begins. */
  http1(request: UpstreamRequest): Promise<UpstreamAnswer>;
  http2(request: UpstreamRequest): Promise<UpstreamAnswer>;
  close(): Promise<void>;
}

export function createUpstream(base: URL): Upstream {
  // Models think for minutes: whoever asks decides how long is too long.
  const agent = new Agent({ allowH2: false, headersTimeout: 0, bodyTimeout: 0 });
  const prefix = base.pathname.replace(/\/+$/, '');
  let session: ClientHttp2Session | undefined;
  const openSession = (): ClientHttp2Session => {
    if (session !== undefined && !session.closed && !session.destroyed) return session;
    const opened = connect(base.origin);
    // Told to every stream of it, which is where it is heard.
    opened.on('error', () => undefined);
    opened.on('goaway', () => opened.close());
    opened.unref();
    session = opened;
    return opened;
  };
  return {
    async http1({ target, ...request }) {
      const { origin } = base;
      const path = prefix + target;
      const answer = await agent.request({
        ...request,
        method: request.method as 'POST',
        origin,
        path,
        body: request.body ?? null,
      });
      return {
        status: answer.statusCode,
        headers: plainHeaders(answer.headers),
        stream: answer.body,
        ending(error) {
          if (answer.body.readableEnded) return completed(plainHeaders(answer.trailers));
          return { kind: isReset(error) ? 'reset' : 'cut' };
        },
        abort: () => answer.body.destroy(),
      };
    },
    http2: ({ target, ...request }) =>
      askHttp2(openSession(), { ...request, target: prefix + target }),
    async close() {
      session?.destroy();
      await agent.destroy();
    },
  };
}

function askHttp2(
  session: ClientHttp2Session,
  { method, target, headers, body, signal }: UpstreamRequest,
): Promise<UpstreamAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<UpstreamAnswer>();
  const stream = session.request({ ':method': method, ':path': target, ...headers }, { signal });
  let trailers: Readonly<Record<string, string>> = {};
  stream.on('trailers', (fields: IncomingHttpHeaders) => {
    trailers = plainHeaders(fields);
  });
  stream.on('error', reject);
  stream.once('close', () => reject(new Error(`stream closed with code ${stream.rstCode}`)));
  stream.once('response', ({ ':status': status = 502, ...fields }) =>
    resolve({
      status,
      headers: plainHeaders(fields),
      stream,
      ending() {
        if (stream.readableEnded && stream.rstCode === constants.NGHTTP2_NO_ERROR) {
          return completed(trailers);
        }
        const code = stream.rstCode ?? 0;
        return code === constants.NGHTTP2_NO_ERROR ? { kind: 'cut' } : { kind: 'cancel', code };
      },
      abort: () => stream.close(constants.NGHTTP2_CANCEL),
    }),
  );
  if (body === undefined || Buffer.isBuffer(body)) stream.end(body);
  else body.pipe(stream);
  return promise;
}

function completed(trailers: Readonly<Record<string, string>>): Ending {
  return { kind: 'complete', ...(Object.keys(trailers).length > 0 && { trailers }) };
}

function isReset(error: Error | undefined): boolean {
  const causes = [error, error?.cause] as readonly (NodeJS.ErrnoException | undefined)[];
  return causes.some((cause) => cause?.code === 'ECONNRESET');
}
