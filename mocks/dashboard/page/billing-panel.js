// The switches of the billing stall, one for each place where it can take hold: in the gateway's
// process, on the wire to its sink, at the sink's container. Each says whether anybody follows it.

import { attempt } from './announce.js';
import { call } from './control-plane.js';
import { byId, element, write } from './element.js';
import { writeNumber } from './figures.js';
import { optionControl } from './option-control.js';

const places = {
  hook: 'in the process',
  wire: 'on the wire to the sink',
  container: "at the sink's container",
};
const mostNth = 1_000_000;

export function createBillingPanel(state, { switches }) {
  const rows = switches.map((each) => createSwitch(each, state));
  byId('billing').append(...rows.map(({ row }) => row));
  return {
    update() {
      for (const { update } of rows) update();
    },
  };
}

function createSwitch({ name, place, modes }, state) {
  const option = (label, form, value, help) =>
    optionControl({ name: label, form, value, help, accepts: help, onChange: () => turn() });
  const mode = option('mode', { kind: 'choice', values: modes }, 'pass', 'pass: all is well');
  const delay = option(
    'delay',
    { kind: 'integer', min: 0, max: 60_000 },
    '200',
    'slow, flap: milliseconds',
  );
  const nth = option(
    'nth',
    { kind: 'integer', min: 1, max: mostNth },
    '10',
    'poison, duplicate-ack: one event in so many',
  );
  const heal = element(
    'button',
    { type: 'button', class: 'small', onclick: () => mode.restore('pass') ?? turn() },
    'Heal',
  );
  const seen = element('p', { class: 'counts' });
  const row = element(
    'details',
    { class: 'billing' },
    element('summary', {}, places[place]),
    mode.row,
    modes.some((each) => ['slow', 'flap'].includes(each)) ? delay.row : null,
    modes.some((each) => ['poison', 'duplicate-ack'].includes(each)) ? nth.row : null,
    seen,
    heal,
  );
  const turn = () =>
    attempt(
      async () => {
        const now = await call('PUT', `switches/${name}`, {
          mode: mode.value,
          delayMs: Number(delay.value),
          nth: Number(nth.value),
        });
        state.takeSwitch(name, now);
        return now;
      },
      (now) => `Billing ${places[place]}: ${now.mode}.`,
    );
  let wasFollowed = false;
  return {
    row,
    update() {
      const { state: now, seen: told } = state.fakes.switches[name];
      mode.show(now.mode);
      heal.hidden = now.mode === 'pass' && document.activeElement !== heal;
      // Opened for who has a gateway that follows, and left to the reader afterwards.
      if (told !== null && !wasFollowed) row.open = wasFollowed = true;
      write(
        seen,
        told === null
          ? `Nobody follows this switch${now.mode === 'pass' ? '' : `, which says ${now.mode}`}.`
          : `Followed: ${writeNumber(told.calls)} calls seen and ` +
              `${writeNumber(told.waiting)} held back when it was last turned` +
              (told.version >= now.version ? '.' : '; the newest change is not followed yet.'),
      );
    },
  };
}
