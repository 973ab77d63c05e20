// Asks for the token of fakes that listen beyond loopback, until one opens the control plane.

import { isOpen, token } from './control-plane.js';
import { byId } from './element.js';

export async function untilOpen() {
  if (await isOpen()) return;
  const section = byId('token-section');
  section.hidden = false;
  byId('token').focus();
  await new Promise((resolve) => {
    byId('token-form').addEventListener('submit', async (event) => {
      event.preventDefault();
      token.value = byId('token').value;
      const problem = await isOpen().then(
        (isRight) => (isRight ? '' : 'That is not the token of these fakes.'),
        (error) => error.message,
      );
      byId('token-problem').textContent = problem;
      if (problem === '') resolve();
    });
  });
  section.hidden = true;
}
