// The control of one option, made from what the catalogue says of it: a select for a choice, a box
// for text, and for amounts a slider beside the box that has the exact value.

import { element } from './element.js';
import { places, scaleOf } from './slider-scale.js';

let count = 0;

/** `onChange` hears a value when it is chosen, not at every step of a slider. */
export function optionControl({ name, help, accepts, form, value, onChange = () => {} }) {
  count += 1;
  const id = `option-${count}`;
  const title = `${help}: ${accepts}`;
  const made =
    form.kind === 'choice' ? selectOf(id, form, value) : boxOf(id, form, value, name, onChange);
  made.input.addEventListener('change', () => onChange(made.input.value));
  const row = element(
    'div',
    { class: 'option' },
    element('label', { for: id, title }, name),
    ...made.elements,
    element('small', { id: `${id}-help` }, help),
  );
  made.input.setAttribute('aria-describedby', `${id}-help`);
  made.input.title = title;
  return {
    row,
    get value() {
      return made.input.value.trim();
    },
    /** Leaves alone what somebody is changing just now. */
    show(text) {
      if (row.contains(document.activeElement) || made.input.value === text) return;
      made.input.value = text;
      made.moved?.();
    },
    /** As show, whatever somebody was doing: the value was refused. */
    restore(text) {
      made.input.value = text;
      made.moved?.();
    },
  };
}

function selectOf(id, { values }, value) {
  const input = element('select', { id });
  input.append(...values.map((each) => element('option', { value: each }, each)));
  input.value = value;
  return { input, elements: [input] };
}

function boxOf(id, form, value, name, onChange) {
  const inputmode = form.kind === 'integer' ? 'numeric' : null;
  const input = element('input', { id, type: 'text', inputmode, autocomplete: 'off' });
  input.spellcheck = false;
  input.value = value;
  const scale = scaleOf(form);
  if (scale === null) return { input, elements: [input] };
  const slider = element('input', { type: 'range', min: 0, max: places, 'aria-label': name });
  const moved = () => {
    const place = scale.place(input.value);
    slider.value = String(place ?? places / 2);
    slider.setAttribute('aria-valuetext', input.value);
  };
  slider.addEventListener('input', () => {
    input.value = scale.text(Number(slider.value));
    slider.setAttribute('aria-valuetext', input.value);
  });
  slider.addEventListener('change', () => onChange(input.value));
  input.addEventListener('input', moved);
  moved();
  return { input, elements: [slider, input], moved };
}
