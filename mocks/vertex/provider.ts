// Fake Vertex AI: finds the operation for a REST or gRPC path and spells errors as Google does.
// Source: the service's protos and their HTTP annotations.

import { anthropicErrorJson, anthropicErrors, isAnthropicError } from '../anthropic/errors.ts';
import type { ApiRequest, ErrorAnswer, Provider } from '../provider.ts';
import { withHints } from './error-hints.ts';
import { errorJson, googleError, grpcStatusOf } from './errors.ts';
import { jsonHeaders } from './headers.ts';
import { findMethod, grpcServices } from './methods.ts';
import { operationNames, routeOf } from './operations.ts';
import { isSse } from './request.ts';

export const vertex: Provider = {
  name: 'vertex',
  prefixes: ['v1', 'v1beta1', 'ui'],
  services: grpcServices,
  operations: operationNames,
  framings: {
    sse: ['http1', 'http2'],
    'json-array': ['http1', 'http2'],
    grpc: ['grpc'],
    websocket: ['websocket'],
    body: ['http1', 'http2', 'grpc'],
  },
  route: routeOf,
  errorAnswer(name, message, request, hints) {
    if (name === 'unknown-operation') return unknownPath(request.rawPath);
    if (isAnthropicError(name)) {
      const body = Buffer.from(anthropicErrorJson(name, message));
      return { status: anthropicErrors[name] ?? 500, headers: jsonHeaders, body };
    }
    const error = withHints(googleError(name, message), hints);
    const json = errorJson(error);
    return {
      status: error.httpStatus,
      headers: jsonHeaders,
      body: Buffer.from(isArrayStream(request) ? `[${json}\n]` : `${json}\n`),
    };
  },
  grpcStatus: (name, message, hints) => grpcStatusOf(withHints(googleError(name, message), hints)),
};

/** Streaming methods without SSE promise an array, and keep that promise for errors. */
function isArrayStream(request: ApiRequest): boolean {
  const method = findMethod(request)?.method;
  if (method === undefined || isSse(request)) return false;
  return method.isServerStream || method.name === 'ChatCompletions';
}

/** What no method has is answered by the front end, which speaks HTML. */
function unknownPath(rawPath: string): ErrorAnswer {
  const shown = rawPath.replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const page = `<!DOCTYPE html>
<html lang=en>
  <meta charset=utf-8>
  <title>Error 404 (Not Found)!!1</title>
  <p><b>404.</b> <ins>That’s an error.</ins>
  <p>The requested URL <code>${shown}</code> was not found on this server.
`;
  const headers = { 'content-type': 'text/html; charset=UTF-8' };
  return { status: 404, headers, body: Buffer.from(page) };
}
