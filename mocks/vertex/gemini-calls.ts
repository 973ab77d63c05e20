// The function calls of one Gemini stream, as the values of `functionCall`: whole, when all the
// arguments are there, or as partial-args.ts cuts them.

import { inputOf } from '../script/collector.ts';
import type { StreamScript } from '../script/script.ts';
import { type ToldCall, toldCall } from './partial-args.ts';

export interface GeminiCalls {
  /** Each answers with the values that can be told now. */
  begin(id: string, name: string): readonly object[];
  take(json: string): readonly object[];
  /** Ends the call that is under way, if there is one. */
  end(): readonly object[];
}

/** Characters of a string that are told at a time. */
export const pieceLength = ({ bytes }: StreamScript['settings']) => Math.max(1, bytes);

export function wholeCalls(): GeminiCalls {
  let call: { readonly id: string; readonly name: string; json: string } | undefined;
  return {
    begin(id, name) {
      call = { id, name, json: '' };
      return [];
    },
    take(json) {
      if (call !== undefined) call.json += json;
      return [];
    },
    end() {
      if (call === undefined) return [];
      const { id, name, json } = call;
      call = undefined;
      return [{ id, name, args: inputOf(json) }];
    },
  };
}

/** The script's own calls bit by bit; one that faults put in has no arguments to cut. */
export function toldCalls({ blocks, settings }: StreamScript): GeminiCalls {
  const whole = wholeCalls();
  let told: ToldCall | undefined;
  return {
    begin(id, name) {
      const block = blocks.find((each) => each.kind === 'tool' && each.call.id === id);
      if (block?.kind !== 'tool') return whole.begin(id, name);
      told = toldCall(block.call, pieceLength(settings));
      return [told.begin];
    },
    take: (json) => told?.take(json.length) ?? whole.take(json),
    end() {
      if (told === undefined) return whole.end();
      const { end } = told;
      told = undefined;
      return [end];
    },
  };
}
