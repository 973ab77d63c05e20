// How the control plane describes what it takes and gives, as JSON Schema. Answers are any object:
// closed shapes would also filter what is sent. Plain schemas, because a library that writes them
// takes a fifth of the server's start.

const anything = (description: string) =>
  ({ type: 'object', description, additionalProperties: true }) as const;

/** A whole number from 0 up; `given` adds to it: a default, a description. */
export function wholeNumber(given: Readonly<Record<string, unknown>> = {}) {
  return { type: 'integer', minimum: 0, ...given } as const;
}

/** An object whose fields are all required but the `optional` ones. */
export function fields<T extends Readonly<Record<string, unknown>>>(
  properties: T,
  optional: readonly (keyof T & string)[] = [],
) {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required } as const;
}

/** Descriptions of the answers 200 and, where the request can be wrong, 400. */
export function answers(good: string, bad?: string) {
  return { 200: anything(good), ...(bad !== undefined && { 400: anything(bad) }) };
}
