// Adds a fault to the plan: which, its options from the catalogue, and which requests it is for.

import { attempt } from './announce.js';
import { call } from './control-plane.js';
import { byId, element, write } from './element.js';
import { shareOf } from './fault-card.js';
import { optionControl } from './option-control.js';

const anyProvider = 'any';

export function createFaultForm(state, { faults, providers }) {
  const choice = faultChoice(faults);
  const summary = element('p', { id: 'fault-summary', class: 'quiet' });
  const options = element('div', { class: 'options' });
  const limits = limitControls(providers);
  let controls = new Map();

  const showOptions = () => {
    const entry = faults.find(({ name }) => name === choice.value);
    write(summary, entry.summary);
    controls = new Map(
      entry.options.map((option) => [
        option.name,
        { option, control: optionControl({ ...option, value: String(option.fallback ?? '') }) },
      ]),
    );
    options.replaceChildren(...[...controls.values()].map(({ control }) => control.row));
  };
  const chosen = () => {
    const given = [...controls.values()]
      .filter(({ option, control }) => control.value !== String(option.fallback ?? ''))
      .map(({ option, control }) => [option.name, control.value]);
    return { fault: choice.value, options: Object.fromEntries(given), ...limits.chosen() };
  };

  choice.addEventListener('change', showOptions);
  byId('add-fault').append(
    element('div', { class: 'option' }, element('label', { for: 'fault' }, 'fault'), choice),
    summary,
    options,
    element('details', {}, element('summary', {}, 'Which requests, how long'), ...limits.rows),
    element('button', { type: 'submit', class: 'primary' }, 'Put in force'),
  );
  byId('add-fault').addEventListener('submit', (event) => {
    event.preventDefault();
    const fault = chosen();
    void attempt(
      async () => {
        await call('POST', 'plan/faults', fault);
        const { faults: inForce } = await call('GET', 'plan/faults');
        state.takeFaults(inForce);
        return inForce.at(-1);
      },
      ({ explain }) => `${fault.fault} is in force: ${explain}.`,
    );
  });
  showOptions();
}

function faultChoice(faults) {
  const families = Object.entries(Object.groupBy(faults, ({ family }) => family));
  const groups = families.map(([family, members]) =>
    element(
      'optgroup',
      { label: family },
      ...members.map(({ name }) => element('option', { value: name }, name)),
    ),
  );
  const choice = element('select', { id: 'fault', 'aria-describedby': 'fault-summary' }, ...groups);
  choice.value = 'slow';
  return choice;
}

function limitControls(providers) {
  const control = (name, form, value, help) =>
    optionControl({ name, form, value, help, accepts: 'see the fault plan' });
  const text = { kind: 'text' };
  const names = [anyProvider, ...providers.map(({ name }) => name)];
  const provider = control('provider', { kind: 'choice', values: names }, anyProvider, 'whose');
  const model = control('model', text, '', 'its id; * stands for any text');
  const share = control('share', { kind: 'share' }, '100%', 'of those requests');
  const nth = control('nth', text, '', 'every nth of them');
  const times = control('times', text, '', 'at most so often');
  const ttl = control('ttl', { kind: 'duration' }, '', 'reverts by itself after that');
  return {
    rows: [provider, model, share, nth, times, ttl].map(({ row }) => row),
    chosen() {
      const match = {
        ...(provider.value !== anyProvider && { provider: provider.value }),
        ...(model.value !== '' && { model: model.value }),
        ...(nth.value !== '' && { nth: Number(nth.value) }),
      };
      return {
        ...(Object.keys(match).length > 0 && { match }),
        ...(share.value !== '100%' && { toxicity: shareOf(share.value) }),
        ...(times.value !== '' && { times: Number(times.value) }),
        ...(ttl.value !== '' && { ttl: ttl.value }),
      };
    },
  };
}
