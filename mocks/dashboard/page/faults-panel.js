// The faults of the plan, a card for each, kept by its id so that a control in use stays in place.

import { attempt } from './announce.js';
import { call } from './control-plane.js';
import { byId, element } from './element.js';
import { createFaultCard } from './fault-card.js';

/** What a run has in force elsewhere: on its clients, around the gateway. It heals them itself. */
function showRunFaults({ run, faults }) {
  const planned = new Set(faults.map(({ fault }) => fault.fault));
  const open = run.windows.filter(
    ({ label, toS }) => toS === null && run.verdict === null && !planned.has(label.split(';')[0]),
  );
  const key = open.map(({ label, fromS }) => `${label} ${fromS}`).join();
  const list = byId('run-faults');
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.replaceChildren(
    ...open.map(({ label, what }) =>
      element(
        'li',
        { class: 'fault' },
        element('h3', {}, label),
        element('p', { class: 'explain' }, `${what}; by the run, which heals it.`),
      ),
    ),
  );
}

export function createFaultsPanel(state, { faults: catalogue }) {
  const cards = new Map();
  const list = byId('faults');
  byId('clear-plan').addEventListener('click', () =>
    attempt(async () => {
      await call('DELETE', 'plan');
      state.takeFaults([]);
    }, 'The plan is cleared: no fault is in force.'),
  );
  const add = (fault) => {
    const entry = catalogue.find(({ name }) => name === fault.fault.fault);
    const made = createFaultCard(fault, entry, state.takeFaults);
    cards.set(fault.id, made);
    list.append(made.card);
    return made;
  };
  const remove = (id, { card }) => {
    // Who pressed a button in it is not left nowhere.
    if (card.contains(document.activeElement)) byId('clear-plan').focus();
    card.remove();
    cards.delete(id);
  };
  return {
    update() {
      const { faults } = state;
      const ids = new Set(faults.map(({ id }) => id));
      for (const [id, card] of cards) if (!ids.has(id)) remove(id, card);
      for (const fault of faults) (cards.get(fault.id) ?? add(fault)).show(fault);
      byId('no-faults').hidden = faults.length > 0;
      showRunFaults(state);
      byId('clear-plan').hidden = faults.length === 0 && !byId('clear-plan').matches(':focus');
    },
  };
}
