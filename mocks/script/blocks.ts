// What an answer consists of before it is told: blocks of thinking, text and tool calls, cut where
// the tokens run out. Sizes are known here, so protocols can count their events beforehand.

import type { Rng } from '../../injectors/determinism.ts';
import type { ScriptLimits } from './script.ts';
import { fillerText } from './text.ts';
import { type PlannedCall, planCall } from './tool.ts';
import type { ScriptSettings } from './words.ts';

export type ScriptBlock =
  | { readonly kind: 'thinking'; readonly bytes: number; readonly events: number }
  | {
      readonly kind: 'text';
      readonly bytes: number;
      readonly events: number;
      readonly citations: number;
    }
  | {
      readonly kind: 'tool';
      readonly bytes: number;
      readonly events: number;
      readonly call: PlannedCall;
    };

export interface ScriptPlan {
  readonly blocks: readonly ScriptBlock[];
  /** True when the limit left less than the settings ask for. */
  readonly isCut: boolean;
}

export function planBlocks(
  settings: ScriptSettings,
  { maxTokens, tools = [], forcedTool }: ScriptLimits,
  rng: Rng,
): ScriptPlan {
  let left = maxTokens === undefined ? Number.POSITIVE_INFINITY : maxTokens * 4;
  let isCut = false;
  const blocks: ScriptBlock[] = [];
  const pieceBytes = Math.max(1, settings.bytes);
  const sized = (wanted: number) => {
    const bytes = Math.min(wanted, left);
    if (bytes < wanted) isCut = true;
    left -= bytes;
    return bytes > 0 ? { bytes, events: Math.ceil(bytes / pieceBytes) } : undefined;
  };

  const thinking = sized(settings.thinking * settings.bytes);
  if (thinking) blocks.push({ kind: 'thinking', ...thinking });

  // A model that is told to call a tool says nothing before it.
  const isForced = forcedTool !== undefined;
  const wanted = settings.total > 0 ? settings.total : settings.chunks * settings.bytes;
  const text = sized(isForced ? 0 : wanted);
  if (text) blocks.push({ kind: 'text', ...text, citations: settings.citations });

  const calls = isForced ? Math.max(1, settings.tool) : settings.tool;
  const offered = forcedTool ? tools.filter(({ name }) => name === forcedTool) : tools;
  if (calls === 0) return { blocks, isCut };
  const filler = fillerText(rng.fork('tool-text'));
  for (let index = 0; index < calls; index++) {
    const part = rng.fork(`tool:${index}`);
    const call = planCall(offered, index, () => filler(index * pieceBytes, settings.bytes), part);
    const input = sized(call.json.length);
    if (input) blocks.push({ kind: 'tool', ...input, call });
  }
  return { blocks, isCut };
}
