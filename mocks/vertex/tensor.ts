// Tensors of custom models: what a prompt is in one, and an answer as one.
// Source: google/cloud/aiplatform/v1/types.proto (Tensor).

/** All texts in JSON, however deep; bytes count as UTF-8. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Buffer.isBuffer(value)) return [value.toString()];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'dtype' || name === 'shape' ? [] : textsIn(inner),
  );
}

export function textTensor(text: string): object {
  return { dtype: 'STRING', shape: ['1'], stringVal: [text] };
}
