// Fake Vertex AI: finds the operation for a REST or gRPC path and spells errors as Google does.
// Holds no state. Source: the service's protos and their HTTP annotations.

import {
  type ApiRequest,
  type ErrorAnswer,
  type Operation,
  type Provider,
  type RoutedOperation,
  routed,
} from '../provider.ts';
import { countTokens } from './count-tokens.ts';
import { errorJson, googleError, grpcStatusOf } from './errors.ts';
import { generateContent, streamGenerateContent } from './generate.ts';
import { jsonHeaders } from './headers.ts';
import { parseGrpcPath, parseRestPath } from './path.ts';
import { predict } from './predict.ts';
import { isSse, type PathParams } from './request.ts';

type Route = (request: ApiRequest, params: PathParams) => RoutedOperation;
const routeTo =
  <C extends Parameters<Operation['answer']>[0]>(operation: Operation<C>): Route =>
  (request, params) =>
    routed(operation, request, params);

const generate = routeTo(generateContent);
const stream = routeTo(streamGenerateContent);
const embed = routeTo(predict);
const count = routeTo(countTokens);

const restVerbs: Readonly<Record<string, Route>> = {
  generateContent: generate,
  streamGenerateContent: stream,
  predict: embed,
  countTokens: count,
};

/** v1 counts tokens in LlmUtilityService only; v1beta1 in both. */
const grpcMethods: Readonly<Record<string, Route>> = {
  'v1.PredictionService/GenerateContent': generate,
  'v1.PredictionService/StreamGenerateContent': stream,
  'v1.PredictionService/Predict': embed,
  'v1.LlmUtilityService/CountTokens': count,
  'v1beta1.PredictionService/GenerateContent': generate,
  'v1beta1.PredictionService/StreamGenerateContent': stream,
  'v1beta1.PredictionService/Predict': embed,
  'v1beta1.PredictionService/CountTokens': count,
  'v1beta1.LlmUtilityService/CountTokens': count,
};

export const vertex: Provider = {
  name: 'vertex',
  prefixes: ['v1', 'v1beta1'],
  services: ['v1', 'v1beta1'].flatMap((version) =>
    ['PredictionService', 'LlmUtilityService'].map(
      (service) => `google.cloud.aiplatform.${version}.${service}`,
    ),
  ),
  route: (request) => (request.transport === 'grpc' ? grpcRoute(request) : restRoute(request)),
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

function grpcRoute(request: ApiRequest): RoutedOperation | undefined {
  const path = parseGrpcPath(request.rawPath);
  if (path === undefined) return undefined;
  const { version, service, method } = path;
  const route = ownEntry(grpcMethods, `${version}.${service}/${method}`);
  return route?.(request, { version });
}

function restRoute(request: ApiRequest): RoutedOperation | undefined {
  const path = parseRestPath(request.rawPath);
  if (path === undefined || request.method !== 'POST') return undefined;
  const { version, resource, verb } = path;
  return ownEntry(restVerbs, verb)?.(request, { version, resource });
}

/** A name from outside must not find `constructor`. */
function ownEntry(table: Readonly<Record<string, Route>>, name: string): Route | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

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
