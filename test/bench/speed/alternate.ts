// Subject and baseline by turns, so that whatever else the machine does falls on both: ABAB…, and
// the ratio of each pair. One unmeasured turn of each comes first.

export interface Alternated {
  readonly ratios: readonly number[];
  readonly subject: readonly number[];
  readonly baseline: readonly number[];
}

export async function alternate(
  turns: number,
  subject: () => Promise<number>,
  baseline: () => Promise<number>,
): Promise<Alternated> {
  await subject();
  await baseline();
  const pairs: { readonly subject: number; readonly baseline: number }[] = [];
  for (let turn = 0; turn < turns; turn++) {
    pairs.push({ subject: await subject(), baseline: await baseline() });
  }
  return {
    ratios: pairs.map((pair) => pair.subject / pair.baseline),
    subject: pairs.map((pair) => pair.subject),
    baseline: pairs.map((pair) => pair.baseline),
  };
}
