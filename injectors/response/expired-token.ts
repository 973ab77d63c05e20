// Credentials that were good and are no more: clients are to fetch others and ask again. Sources:
// AWS, "Common errors" (ExpiredTokenException, 403); Google answers 401 with ACCESS_TOKEN_EXPIRED.

import { defineInjector } from '../injector.ts';
import { refusal } from './refusal.ts';

export const expiredToken = defineInjector({
  name: 'expired-token',
  family: 'response',
  summary: "Says that the client's credentials have expired.",
  options: {},
  example: 'expired-token',
  isTerminal: true,
  explain: () => 'refuses the credentials as expired',
  wire: (_frames, _options, context) => {
    context.note('credentials expired');
    return refusal('expired-token', '');
  },
});
