// The dashboard: opens the feed, keeps what it says, and draws it a few times a second while the
// page is seen. Every panel is a file of its own.

import { createBillingPanel } from './billing-panel.js';
import { createChartBoard } from './chart-board.js';
import { call } from './control-plane.js';
import { byId } from './element.js';
import { createFaultForm } from './fault-form.js';
import { createFaultsPanel } from './faults-panel.js';
import { openFeed } from './feed.js';
import { createHeader } from './header.js';
import { createLiveState } from './live-state.js';
import { createRequestsTable } from './requests-table.js';
import { createStreamsTable } from './streams-table.js';
import { createTiles } from './tiles.js';
import { untilOpen } from './token-form.js';
import { createVerdictPanel } from './verdict-panel.js';

/** Who wants less motion sees the same figures less often. */
const drawEveryMs = matchMedia('(prefers-reduced-motion: reduce)').matches ? 1000 : 250;

await untilOpen();
const catalogue = await call('GET', 'faults');
let isStale = false;
let drawnMs = 0;
const state = createLiveState(() => {
  if (!isStale) requestAnimationFrame(draw);
  isStale = true;
});
const header = createHeader(state);
const panels = [
  header,
  createTiles(state),
  createVerdictPanel(state),
  createChartBoard(state),
  createFaultsPanel(state, catalogue),
  createBillingPanel(state, catalogue),
  createStreamsTable(state),
  createRequestsTable(state),
];
createFaultForm(state, catalogue);
header.steer(openFeed(state.apply, header.show));

/** The browser asks for no frames while the page is hidden, so nothing is drawn then. */
function draw(nowMs) {
  if (nowMs - drawnMs < drawEveryMs) {
    requestAnimationFrame(draw);
    return;
  }
  isStale = false;
  drawnMs = nowMs;
  if (state.fakes === null) return;
  byId('board').hidden = false;
  for (const panel of panels) panel.update();
}
