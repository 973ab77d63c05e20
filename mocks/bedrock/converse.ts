// Converse: the whole answer as one JSON body, keys in alphabetical order as the service has them.

import type { Operation } from '../provider.ts';
import { type CollectedBlock, inputOf } from '../script/collector.ts';
import type { StreamScript } from '../script/script.ts';
import { createBodyCodec } from './body-codec.ts';
import { citationJson } from './citation.ts';
import { modelFields, traceOf } from './converse-extras.ts';
import { type ConverseCall, readConverse } from './converse-request.ts';
import { extraBlocks } from './extra-blocks.ts';
import { toolUseId } from './identifiers.ts';
import { jsonHeaders } from './json-answer.ts';
import { writing } from './prompt-cache/use-cache.ts';
import { stopReasons } from './stop-reason.ts';
import { converseUsage, latencyMs } from './usage.ts';

export const converse: Operation<ConverseCall> = {
  name: 'Converse',
  read: (request, params) => readConverse('Converse', request, params),
  answer: (call, script, request) => ({
    status: 200,
    headers: jsonHeaders(request),
    isStreaming: false,
    totalEvents: 1,
    codec: writing(
      createBodyCodec(({ blocks, stopReason, usage }) => ({
        ...modelFields(call, stopReason),
        metrics: { latencyMs: latencyMs(script) },
        output: { message: { content: contentOf(call, script, blocks), role: 'assistant' } },
        ...call.echo,
        ...(stopReason && { stopReason: stopReasons[stopReason] }),
        ...traceOf(call, script),
        ...(usage && { usage: converseUsage(usage, call.cached) }),
      })),
      call.cached,
    ),
  }),
};

function contentOf(
  call: ConverseCall,
  script: StreamScript,
  blocks: readonly CollectedBlock[],
): readonly object[] {
  return [...extraBlocks(call, script).map(({ content }) => content), ...blocks.map(blockOf)];
}

function blockOf(block: CollectedBlock): object {
  switch (block.kind) {
    case 'thinking': {
      const { signature, text } = block;
      return { reasoningContent: { reasoningText: { signature, text } } };
    }
    case 'tool': {
      const { name, id } = block;
      return { toolUse: { input: inputOf(block.json), name, toolUseId: toolUseId(id) } };
    }
    case 'text': {
      const { text, citations } = block;
      if (citations.length === 0) return { text };
      return { citationsContent: { citations: citations.map(citationJson), content: [{ text }] } };
    }
  }
}
