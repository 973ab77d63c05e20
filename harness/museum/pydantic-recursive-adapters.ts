// Rust's reference-counted definitions of a recursive model hold each other.

import type { Repro } from '../repro/repro.ts';

export const pydanticRecursiveAdapters: Repro = {
  slug: 'pydantic-recursive-adapters',
  title: 'pydantic keeps the validator of a recursive model',
  language: 'python',
  unit: new URL('./units/pydantic_recursive_adapter.py', import.meta.url),
  packages: [
    'pydantic@2.5.2',
    'pydantic-core@2.14.5',
    'annotated-types@0.8.0',
    'typing-extensions@4.16.0',
  ],
  fixed: ['pydantic@2.5.3', 'pydantic-core@2.14.6'],
  reference: 'https://github.com/pydantic/pydantic/issues/8397',
  published: 'memory rises with every call; no size given',
  trigger: 'a TypeAdapter of a recursive model for every call',
};
