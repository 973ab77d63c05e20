// countTokens for Gemini, by the same rule of thumb that answers are metered with, so that usage
// and count agree.

import { grpcFrame } from '../codec/grpc.ts';
import type { Answer, Call, Operation } from '../provider.ts';
import { geminiModel, readGeminiPrompt } from './gemini-request.ts';
import { grpcHeaders, jsonHeaders } from './headers.ts';
import { bodyFrame, enumReplacer } from './json.ts';
import { type ApiVersion, encodeWithPrefix, vertexType } from './protos.ts';
import { readRequest } from './request.ts';

interface CountCall extends Call {
  readonly version: ApiVersion;
}

export const countTokens: Operation<CountCall> = {
  name: 'CountTokens',
  read(request, params) {
    const message = { type: 'CountTokensRequest', resourceField: 'endpoint' };
    const { version, resource, fields } = readRequest(request, params, message);
    const { prompt, inputTokens } = readGeminiPrompt(fields);
    return { operation: 'CountTokens', version, model: geminiModel(resource), prompt, inputTokens };
  },
  answer(call, _script, request): Answer {
    const isGrpc = request.transport === 'grpc';
    const body = {
      totalTokens: call.inputTokens,
      totalBillableCharacters: call.prompt.replace(/\s/g, '').length,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: call.inputTokens }],
    };
    const frame = () => {
      if (!isGrpc) return bodyFrame(body, enumReplacer(request));
      const type = vertexType(call.version, 'CountTokensResponse');
      return grpcFrame('body', encodeWithPrefix(type, type.fromObject(body)));
    };
    return {
      status: 200,
      headers: isGrpc ? grpcHeaders : jsonHeaders,
      codec: { encode: () => [], finish: () => [frame()], exception: () => [] },
      isStreaming: false,
      totalEvents: 1,
    };
  },
};
