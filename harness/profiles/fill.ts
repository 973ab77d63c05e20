// Fills the placeholders of a profile: `{port}`, `{mocks}` and so on. A name in braces that is none
// of them stays as it is, because JSON and YAML inside a profile have braces of their own.

export type Values = Readonly<Record<string, string | boolean>>;

export function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}

export function fillWords(
  words: Readonly<Record<string, string>> | undefined,
  values: Values,
): Record<string, string> {
  const filled = Object.entries(words ?? {}).map(([name, text]) => [name, fill(text, values)]);
  return Object.fromEntries(filled) as Record<string, string>;
}

/** A text that is one placeholder and no more becomes the value itself: `{stream}` is a boolean. */
export function fillDeep(value: unknown, values: Values): unknown {
  if (typeof value === 'string') {
    const name = /^\{(\w+)\}$/.exec(value)?.[1];
    return name !== undefined && Object.hasOwn(values, name) ? values[name] : fill(value, values);
  }
  if (Array.isArray(value)) return value.map((item) => fillDeep(item, values));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, fillDeep(item, values)]);
  return Object.fromEntries(entries);
}
