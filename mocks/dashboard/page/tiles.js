// The figures at the top: what one wants to know at a glance.

import { byId, element, write } from './element.js';
import { writeBytes, writeNumber } from './figures.js';

const tiles = [
  { label: 'Streams in flight', value: ({ fakes }) => writeNumber(fakes.streamsInFlight) },
  { label: 'Requests ended', value: ({ fakes }) => writeNumber(fakes.requests) },
  {
    label: 'Refused or cut',
    value: ({ fakes }) => writeNumber(brokenOf(fakes)),
    detail: ({ fakes }) => shareOf(brokenOf(fakes), fakes.requests),
  },
  {
    label: 'Left by the client',
    value: ({ fakes }) => writeNumber(fakes.endings.gone ?? 0),
    detail: ({ fakes }) => shareOf(fakes.endings.gone ?? 0, fakes.requests),
  },
  { label: 'Sent in those', value: ({ fakes }) => writeBytes(fakes.bytes) },
  {
    label: 'Gateway memory',
    value: ({ run }) => writeBytes(run.values.rssBytes),
    detail: ({ run }) =>
      run.values.heapBytes === undefined ? '' : `live heap ${writeBytes(run.values.heapBytes)}`,
  },
];

export function createTiles(state) {
  const shown = tiles.map(({ label, value, detail }) => {
    const figure = element('dd');
    const note = element('dd', { class: 'detail' });
    byId('tiles').append(element('div', {}, element('dt', {}, label), figure, note));
    return () => {
      write(figure, value(state));
      write(note, detail?.(state) ?? '');
    };
  });
  return {
    update() {
      for (const update of shown) update();
    },
  };
}

function brokenOf({ requests, endings }) {
  return requests - (endings.complete ?? 0) - (endings.gone ?? 0);
}

function shareOf(part, whole) {
  return whole === 0 ? '' : `${writeNumber((100 * part) / whole)} %`;
}
