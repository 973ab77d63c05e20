// Blocks of a Converse answer that Bedrock or the model adds to what a script says, when its words
// ask for them: reasoning that the client may not read, tools that Bedrock runs itself and their
// results, images. They come first. Source: API reference, "ContentBlock" and "ContentBlockStart".

import type { EncodedFrame } from '../provider.ts';
import { hiddenReasoning } from '../script/hidden-reasoning.ts';
import type { StreamScript } from '../script/script.ts';
import { fillerText } from '../script/text.ts';
import type { ConverseCall } from './converse-request.ts';
import { eventFrame } from './event-frames.ts';
import { toolUseId } from './identifiers.ts';

export interface ExtraBlock {
  /** As it stands in a whole answer. */
  readonly content: object;
  /** How a stream begins it; absent for reasoning, which begins with its delta. */
  readonly start?: object;
  readonly delta: object;
}

/** One grey pixel. */
const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==';
const interpreter = 'nova_code_interpreter';

export function extraBlocks({ systemTools }: ConverseCall, script: StreamScript): ExtraBlock[] {
  const { images, redacted, 'server-tools': calls } = script.settings;
  if (images + redacted + calls === 0) return [];
  const rng = script.rng.fork('extra');
  const times = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => make(index));
  return [
    ...hiddenReasoning(script).map((redactedContent) => {
      const block = { reasoningContent: { redactedContent } };
      return { content: block, delta: block };
    }),
    ...times(calls, (index) => {
      const name = systemTools[index % Math.max(1, systemTools.length)] ?? interpreter;
      const id = fillerText(rng.fork(`call:${index}`))(0, 22).replace(/[^a-z]/g, 'x');
      return serverCall(name, toolUseId(id), fillerText(rng.fork(`code:${index}`))(0, 32));
    }).flat(),
    ...times(images, () => ({
      content: { image: { format: 'png', source: { bytes: png } } },
      start: { image: { format: 'png' } },
      delta: { image: { source: { bytes: png } } },
    })),
  ];
}

function serverCall(name: string, id: string, text: string): ExtraBlock[] {
  const use = { name, toolUseId: id, type: 'server_tool_use' };
  const input = name === interpreter ? { snippet: text } : { query: text };
  const json = { exitCode: 0, isError: false, stdErr: '', stdOut: text };
  const result = { status: 'success', toolUseId: id, type: `${name}_result` };
  return [
    {
      content: { toolUse: { input, ...use } },
      start: { toolUse: use },
      delta: { toolUse: { input: JSON.stringify(input) } },
    },
    {
      content: { toolResult: { content: [{ json }], ...result } },
      start: { toolResult: result },
      delta: { toolResult: [{ json }] },
    },
  ];
}

/** Events of a stream that tell them. */
export function extraEventCount(blocks: readonly ExtraBlock[]): number {
  return blocks.reduce((sum, { start }) => sum + (start === undefined ? 2 : 3), 0);
}

export function extraFrames(
  blocks: readonly ExtraBlock[],
  padding: () => string,
): readonly EncodedFrame[] {
  return blocks.flatMap(({ start, delta }, contentBlockIndex) => {
    // Keys in alphabetical order, as everywhere in this stream.
    const begin = { contentBlockIndex, p: padding(), start };
    const said = { contentBlockIndex, delta, p: padding() };
    const end = { contentBlockIndex, p: padding() };
    return [
      ...(start === undefined
        ? []
        : [eventFrame('contentBlockStart', 'start', JSON.stringify(begin))]),
      eventFrame('contentBlockDelta', 'delta', JSON.stringify(said)),
      eventFrame('contentBlockStop', 'stop', JSON.stringify(end)),
    ];
  });
}
