// One fault in force: a switch, a control for each of its options, the share of requests it is put
// on, and what came of it so far.

import { attempt } from './announce.js';
import { call } from './control-plane.js';
import { element, write } from './element.js';
import { writeMs, writeNumber } from './figures.js';
import { optionControl } from './option-control.js';

const shareOption = {
  name: 'share',
  help: 'of the requests it matches',
  accepts: 'a share such as 0.25 or 25%',
  form: { kind: 'share' },
};

/** `onFaults` takes the list that the fakes answer with. */
export function createFaultCard(first, entry, onFaults) {
  let shown = first;
  const path = `plan/faults/${first.id}`;
  const { fault } = first.fault;
  const said = element('p', { class: 'explain' });
  const counts = element('p', { class: 'counts' });
  const steer = async (action, done) => {
    const isDone = await attempt(async () => {
      const { faults } = await action();
      onFaults(faults);
      const mine = faults.find(({ id }) => id === first.id);
      // At once: whoever presses again means what is so now, not what was drawn last.
      if (mine !== undefined) show(mine);
      return mine;
    }, done);
    if (!isDone) for (const { control, read } of controls) control.restore(read(shown.fault));
  };
  const change = (changed) =>
    steer(
      () => call('PUT', path, { ...shown.fault, ...changed }),
      ({ explain }) => `${fault} ${explain}.`,
    );
  const controls = controlsOf(first.fault, entry, () => shown.fault, change);
  const toggle = element('button', {
    type: 'button',
    role: 'switch',
    class: 'switch',
    'aria-label': `${fault} acts`,
    onclick: () =>
      steer(
        () => call('PUT', `${path}/switch`, { on: !shown.isOn }),
        ({ isOn }) => `${fault} is switched ${isOn ? 'on' : 'off'}.`,
      ),
  });
  const remove = element(
    'button',
    {
      type: 'button',
      class: 'small',
      'aria-label': `Remove ${fault}`,
      onclick: () => steer(() => call('DELETE', path), `${fault} is taken out of the plan.`),
    },
    'Remove',
  );
  const card = element(
    'li',
    { class: 'fault' },
    element('div', { class: 'head' }, element('h3', {}, fault), toggle, remove),
    said,
    ...controls.map(({ control }) => control.row),
    counts,
  );
  const show = (now) => {
    shown = now;
    card.dataset.on = String(now.isOn);
    toggle.setAttribute('aria-checked', String(now.isOn));
    write(said, [now.explain, ...limitsOf(now.fault)].join('; '));
    write(counts, countsOf(now));
    for (const { control, read } of controls) control.show(read(now.fault));
  };
  show(first);
  return { card, show };
}

function controlsOf(fault, entry, now, change) {
  const options = (entry?.options ?? []).map((option) => {
    const read = ({ options: given = {} }) => String(given[option.name] ?? option.fallback ?? '');
    const onChange = (value) => change({ options: { ...now().options, [option.name]: value } });
    return { read, control: optionControl({ ...option, value: read(fault), onChange }) };
  });
  const readShare = ({ toxicity = 1 }) => `${Number((100 * toxicity).toFixed(2))}%`;
  const share = optionControl({
    ...shareOption,
    value: readShare(fault),
    onChange: (value) => change({ toxicity: shareOf(value) }),
  });
  return [...options, { read: readShare, control: share }];
}

/** What is no share goes to the fakes as it is, and they say what is wrong with it. */
export function shareOf(text) {
  const number = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  return Number.isFinite(number) && text !== '' ? number : text;
}

/** Which requests and when, where that is not always and all. */
function limitsOf({ match = {}, when = {}, times }) {
  const { provider, operation, model, nth, probability } = match;
  const { phase, from, until, every } = when;
  return [
    [provider, operation, model].filter(Boolean).join(' '),
    nth && `every ${nth}th request`,
    probability && `${writeNumber(100 * probability)} % of the requests are looked at`,
    times && `at most ${times} times`,
    phase && `in phase ${phase}`,
    from && `from ${from}`,
    until && `until ${until}`,
    every && `again every ${every}`,
  ].filter(Boolean);
}

function countsOf({ matched, hit, leftMs }) {
  const left = leftMs === null ? '' : `; reverts in ${writeMs(Math.ceil(leftMs / 1000) * 1000)}`;
  return `on ${writeNumber(hit)} of ${writeNumber(matched)} requests${left}`;
}
