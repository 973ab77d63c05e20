// What faults share that declare a false length: the option that says which, and the writing of it.

import type { OptionType } from '../options.ts';
import type { Region } from '../stream.ts';

const accepts = 'a length (0, 15), a difference (+7, -1) or max';

/** From the real length to the declared one; undefined stands for the largest there is. */
type Claim = (real: number) => number | undefined;

/** Writes the claim in place of the real length, as far as it fits; returns what stands there. */
export function declare(bytes: Buffer, [start, end]: Region, lied: Claim): number {
  const width = end - start;
  const largest = 2 ** (8 * width) - 1;
  const wanted = lied(bytes.readUIntBE(start, width)) ?? largest;
  const declared = Math.max(0, Math.min(wanted, largest));
  bytes.writeUIntBE(declared, start, width);
  return declared;
}

export function claim(fallback: string, help: string): OptionType<Claim> {
  return {
    accepts,
    form: { kind: 'text' },
    fallback,
    help,
    parse(raw) {
      const text = String(raw).trim();
      if (text === 'max') return () => undefined;
      if (!/^[+-]?\d{1,10}$/.test(text)) throw new RangeError(accepts);
      const isDifference = /^[+-]/.test(text);
      return (real) => (isDifference ? real : 0) + Number(text);
    },
  };
}
