// Fake Vertex AI: finds the operation for a REST or gRPC path and spells errors as Google does.
// Holds no state. Source: the service's protos and their HTTP annotations.

import type { ApiRequest, ErrorAnswer, Provider } from '../provider.ts';
import { errorJson, googleError, grpcStatusOf } from './errors.ts';
import { jsonHeaders } from './headers.ts';
import { routeOf } from './operations.ts';
import { parseRestPath } from './path.ts';
import { isSse } from './request.ts';

export const vertex: Provider = {
  name: 'vertex',
  prefixes: ['v1', 'v1beta1'],
  services: ['v1', 'v1beta1'].flatMap((version) =>
    ['PredictionService', 'LlmUtilityService'].map(
      (service) => `google.cloud.aiplatform.${version}.${service}`,
    ),
  ),
  route: routeOf,
  errorAnswer(name, message, request) {
    if (name === 'unknown-operation') return unknownPath(request.rawPath);
    const error = googleError(name, message);
    const json = errorJson(error);
    return {
      status: error.httpStatus,
      headers: jsonHeaders,
      body: Buffer.from(isArrayStream(request) ? `[${json}\n]` : `${json}\n`),
    };
  },
  grpcStatus: (name, message) => grpcStatusOf(googleError(name, message)),
};

/** Streaming methods without SSE promise an array, and keep that promise for errors. */
function isArrayStream(request: ApiRequest): boolean {
  const verb = parseRestPath(request.rawPath)?.verb;
  return verb === 'streamGenerateContent' && !isSse(request);
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
