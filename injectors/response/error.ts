// An error in place of the response: the status and body the provider answers with.

import { defineInjector } from '../injector.ts';
import { text, word } from '../options.ts';
import { refusal } from './refusal.ts';

export const error = defineInjector({
  name: 'error',
  family: 'response',
  summary: 'Answers with a provider error instead of the response.',
  options: {
    name: word('throttling', "a neutral name or one of the provider's own"),
    message: text('', "the error's text; empty: what the provider itself says"),
  },
  example: 'error;name=throttling',
  isTerminal: true,
  explain: ({ name }) => `answers with ${name}`,
  wire: (_frames, { name, message }, context) => {
    context.note(name);
    return refusal(name, message);
  },
});
