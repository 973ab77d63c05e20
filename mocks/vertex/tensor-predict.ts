// Calls of custom models: DirectPredict and its raw form, ServerStreamingPredict, and the four
// bidirectional ones, where each message is answered by a script of its own.
// Source: prediction_service.proto.

import type { Call, Codec, EncodedFrame } from '../provider.ts';
import { tokensOf } from '../script/text.ts';
import { modelNotFound } from './gemini-request.ts';
import { collectedAnswer, type VertexOperation } from './operation.ts';
import { parseResource } from './path.ts';
import type { Invocation } from './request.ts';
import { textsIn, textTensor } from './tensor.ts';
import { hole, type MessageWire, messageWire } from './wire.ts';

const tensors = (text: string) => ({ outputs: [textTensor(text)] });
const bytes = (text: string) => ({ output: Buffer.from(text).toString('base64') });

export const directPredict = unary('inputs', tensors);
export const directRawPredict = unary('input', bytes);
export const streamingPredict = stream('inputs', (wire) => wire.template(tensors(hole)).one);
export const streamingRawPredict = stream(
  'input',
  (wire) => (text) => wire.message('delta', bytes(text)),
);

function unary(inputField: string, body: (text: string) => object): VertexOperation {
  return {
    read: (invocation) => readCall(invocation, inputField),
    answer: (_, __, invocation) => collectedAnswer(invocation, ({ text }) => body(text)),
  };
}

function stream(
  inputField: string,
  encoder: (wire: MessageWire) => (text: string) => EncodedFrame,
): VertexOperation {
  return {
    read: (invocation) => readCall(invocation, inputField),
    answer(_, script, invocation) {
      const wire = messageWire(invocation, script);
      const encode = encoder(wire);
      const codec: Codec = {
        encode: (event) => (event.kind === 'text' ? [encode(event.text)] : []),
        finish: wire.end,
        exception: wire.exception,
      };
      const { headers } = wire;
      const totalEvents = script.textEvents;
      return { status: 200, headers, codec, isStreaming: true, totalEvents, mayCompress: true };
    },
  };
}

function readCall({ method, resource, fields }: Invocation, inputField: string): Call {
  const model = parseResource(resource)?.id;
  if (model === undefined) throw modelNotFound(resource);
  const input = fields(inputField);
  // JSON carries bytes in base64.
  const isEncoded = inputField === 'input' && typeof input === 'string';
  const prompt = textsIn(isEncoded ? Buffer.from(input, 'base64') : input).join('\n');
  return { operation: method.name, model, prompt, inputTokens: tokensOf(prompt.length) };
}
