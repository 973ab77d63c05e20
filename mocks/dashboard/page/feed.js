// The live feed: a WebSocket that is opened again when it breaks. Paused it is closed, so that a
// page nobody looks at costs nothing; what a run told meanwhile comes with the next opening.

import { token } from './control-plane.js';

const firstWaitMs = 500;
const longestWaitMs = 8000;

/** `onState` is told `live`, `connecting` or `paused`. */
export function openFeed(onMessage, onState) {
  let socket = null;
  let isPaused = false;
  let waitMs = firstWaitMs;
  let timer = 0;

  const open = () => {
    onState('connecting');
    const address = new URL('live', location.href.replace(/^http/, 'ws'));
    const own = new WebSocket(address, ['leakbed.live', ...spokenToken()]);
    socket = own;
    own.onopen = () => {
      waitMs = firstWaitMs;
      onState('live');
    };
    own.onmessage = ({ data }) => {
      if (own === socket) onMessage(JSON.parse(data));
    };
    own.onclose = () => {
      if (own !== socket || isPaused) return;
      onState('connecting');
      timer = setTimeout(open, waitMs);
      waitMs = Math.min(longestWaitMs, waitMs * 2);
    };
  };
  open();
  return {
    get isPaused() {
      return isPaused;
    },
    pause() {
      isPaused = true;
      clearTimeout(timer);
      socket?.close();
      socket = null;
      onState('paused');
    },
    resume() {
      isPaused = false;
      open();
    },
  };
}

/** A WebSocket has no headers of ours; see control/admission.ts. */
function spokenToken() {
  if (token.value === '') return [];
  const bytes = String.fromCharCode(...new TextEncoder().encode(token.value));
  const encoded = btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return [`leakbed.token.${encoded}`];
}
