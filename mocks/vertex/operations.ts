// The operations and where they are found: REST verbs and gRPC methods, which share one operation.
// A new operation is a file of its own and its lines in the two tables.

import { type ApiRequest, type Operation, type RoutedOperation, routed } from '../provider.ts';
import { countTokens } from './count-tokens.ts';
import { generateContent, streamGenerateContent } from './generate.ts';
import { parseGrpcPath, parseRestPath } from './path.ts';
import { predict } from './predict.ts';
import type { PathParams } from './request.ts';

/** Undefined when no operation has this path. */
export function routeOf(request: ApiRequest): RoutedOperation | undefined {
  return request.transport === 'grpc' ? grpcRoute(request) : restRoute(request);
}

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
