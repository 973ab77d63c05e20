// Says what a control did: visibly at the foot of the page, and to screen readers.

import { byId, write } from './element.js';

const shownMs = 6000;
let timer = 0;

export function announce(text, isProblem = false) {
  const said = byId('said');
  write(said, text);
  said.dataset.problem = String(isProblem);
  said.dataset.shown = 'true';
  clearTimeout(timer);
  timer = setTimeout(() => {
    said.dataset.shown = 'false';
  }, shownMs);
}

/** Does what a control asks for and says what came of it; resolves to whether it went well. */
export async function attempt(action, done) {
  try {
    const result = await action();
    announce(typeof done === 'function' ? done(result) : done);
    return true;
  } catch (error) {
    announce(error.message, true);
    return false;
  }
}
