// The bar at the top: which run, whether the feed is live, pause and reset.

import { announce, attempt } from './announce.js';
import { call } from './control-plane.js';
import { byId, write } from './element.js';

const words = { live: 'live', connecting: 'connecting', paused: 'paused' };

export function createHeader(state) {
  return {
    /** `feed` is what the pause button holds and lets go. */
    steer(feed) {
      byId('pause').addEventListener('click', () => {
        if (feed.isPaused) feed.resume();
        else feed.pause();
        announce(feed.isPaused ? 'The feed is paused.' : 'The feed goes on.');
      });
      byId('reset').addEventListener('click', () =>
        attempt(
          () => call('POST', 'reset'),
          'Journal, plan and what the fakes remember are cleared.',
        ),
      );
    },
    show(link) {
      byId('link').dataset.state = link;
      write(byId('link-text'), words[link]);
      write(byId('pause'), link === 'paused' ? 'Resume' : 'Pause');
    },
    update() {
      const { header, phases, verdict } = state.run;
      const phase = phases.at(-1);
      const where = verdict === null ? (phase?.title ?? 'set-up') : verdict.outcome;
      const text =
        header === null
          ? `fake Bedrock and Vertex AI, seed ${state.seed}`
          : `${header.scenario}, ${header.scale}, seed ${header.seed}: ${where}`;
      write(byId('story'), text);
      if (byId('story').title !== text) byId('story').title = text;
      const named = header === null ? 'leakbed' : `${where}: ${header.scenario}`;
      if (document.title !== named) document.title = named;
      write(byId('no-run-command'), `leakbed run --mocks ${location.origin}`);
    },
  };
}
