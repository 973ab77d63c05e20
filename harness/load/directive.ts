// Writes the directive that tells the fake providers what to answer. It travels in the user
// message, so it passes through any gateway: `[[leakbed chunks=40 gap=2ms fault=truncate;at=3]]`.

/** Words in order; a list repeats its word. The provider's side knows which words there are. */
export type DirectiveWords = Readonly<
  Record<string, string | number | readonly (string | number)[]>
>;

export function directive(words: DirectiveWords): string {
  const parts = Object.entries(words).flatMap(([name, given]) => {
    const values = typeof given === 'object' ? given : [given];
    return values.map((value) => `${name}=${checked(name, String(value))}`);
  });
  return `[[${['leakbed', ...parts].join(' ')}]]`;
}

/** A user message: the question, then the directive where there is something to say. */
export function prompt(question: string, words: DirectiveWords): string {
  return Object.keys(words).length === 0 ? question : `${question} ${directive(words)}`;
}

function checked(name: string, value: string): string {
  if (value !== '' && !/[\s[\]]/.test(value)) return value;
  throw new RangeError(
    `Cannot write directive word ${name}="${value}": ` +
      'it must not be empty or hold spaces or brackets.',
  );
}
