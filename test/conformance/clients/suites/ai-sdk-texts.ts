// What every model of the AI SDK is asked for, whichever provider it is of: text and a tool call,
// whole and streamed.

import assert from 'node:assert/strict';
import type * as Ai from 'ai';
import {
  type Cells,
  checkText,
  checkToolInput,
  load,
  outputTokens,
  prompt,
  toolPrompt,
  toolSchema,
} from './cells.ts';

export const ai = load<typeof Ai>('ai');

const inputSchema = ai.jsonSchema({ ...toolSchema, required: ['city'] });
const tools = () => ({ weather: ai.tool({ inputSchema }) }) as Ai.ToolSet;
export const quiet = { maxRetries: 0 };

/** `whole` and `streamed` name the cells: the operation, and after a comma what is special. */
export async function texts(
  cells: Cells,
  model: Ai.LanguageModel,
  whole: string,
  streamed: string,
): Promise<void> {
  const [wholeCall = ''] = whole.split(',');
  const [streamCall = ''] = streamed.split(',');
  await cells.cell(whole, [wholeCall], async () => {
    const answer = await ai.generateText({ model, prompt, ...quiet });
    checkText(answer.text);
    assert.deepEqual([answer.finishReason, answer.usage.outputTokens], ['stop', outputTokens]);
  });
  await cells.cell(`${whole}, tool`, [wholeCall], async () => {
    const answer = await ai.generateText({ model, prompt: toolPrompt, tools: tools(), ...quiet });
    assert.equal(answer.toolCalls[0]?.toolName, 'weather');
    checkToolInput(answer.toolCalls[0]?.input);
    assert.equal(answer.finishReason, 'tool-calls');
  });
  await cells.cell(streamed, [streamCall], async () => {
    const answer = ai.streamText({ model, prompt, ...quiet });
    const pieces: string[] = [];
    for await (const piece of answer.textStream) if (piece !== '') pieces.push(piece);
    checkText(pieces.join(''));
    assert.equal(pieces.length, 4);
    const { outputTokens: tokens } = await answer.usage;
    assert.deepEqual([await answer.finishReason, tokens], ['stop', outputTokens]);
  });
  await cells.cell(`${streamed}, tool`, [streamCall], async () => {
    const answer = ai.streamText({ model, prompt: toolPrompt, tools: tools(), ...quiet });
    assert.equal((await answer.toolCalls)[0]?.toolName, 'weather');
    assert.equal(await answer.finishReason, 'tool-calls');
  });
}
