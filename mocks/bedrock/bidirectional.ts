// InvokeModelWithBidirectionalStream: the client's events in chunks both ways. Which events there
// are is the model's own affair; only Nova Sonic has any today.

import {
  type ApiRequest,
  ProviderError,
  type RoutedOperation,
  type Session,
  type VerifyEvent,
} from '../provider.ts';
import { isObject } from './constraints.ts';
import { errorFrame } from './event-frames.ts';
import { readModelId } from './model-id.ts';
import { invokeModelId } from './model-id-shape.ts';
import { createOuterEvents } from './outer-events.ts';
import { checkMembers } from './shape.ts';
import { novaSonic } from './sonic/nova-sonic.ts';

const name = 'InvokeModelWithBidirectionalStream';

/** Made per request, since routing closes over it. */
export function openBidirectional(
  request: ApiRequest,
  params: Readonly<Record<string, string>>,
): RoutedOperation {
  return {
    name,
    read() {
      throw new ProviderError('validation', 'The request must be a stream of events.');
    },
    open: (verify) => openSession(request, params.modelId ?? '', verify),
  };
}

function openSession(request: ApiRequest, rawId: string, verify: VerifyEvent | undefined): Session {
  checkMembers({ modelId: rawId }, { modelId: invokeModelId });
  const model = readModelId(rawId);
  if (!novaSonic.matches(model)) {
    const message = 'The model is unsupported for bidirectional streaming.';
    throw new ProviderError('validation', message);
  }
  const events = createOuterEvents(verify);
  const conversation = novaSonic.open(name, model, request.requestId);
  return {
    model: model.raw,
    headers: {
      'Content-Type': 'application/vnd.amazon.eventstream',
      'x-amzn-RequestId': request.requestId,
    },
    *receive(bytes) {
      for (const part of events.parts(bytes)) yield* conversation.receive(parsePart(part));
    },
    end: () => events.end(),
    exception: (error, message) => [errorFrame(error, message)],
  };
}

function parsePart(part: Buffer): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(part.toString());
  } catch {
    throw new ProviderError(
      'validation',
      'Unable to parse input chunk. Please check input format contains correct format.',
    );
  }
  if (isObject(value)) return value;
  throw new ProviderError(
    'validation',
    'Unable to parse input chunk. Please check input format contains correct format.',
  );
}
