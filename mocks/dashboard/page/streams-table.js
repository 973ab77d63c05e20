// Streams in flight: of 10,000 the fakes tell the oldest or the largest, and how many there are.
// Rows are kept by the stream's number, so that a button in use stays where it is.

import { attempt } from './announce.js';
import { call } from './control-plane.js';
import { byId, element, write } from './element.js';
import { writeBytes, writeMs, writeNumber } from './figures.js';
import { fillTable } from './requests-table.js';

const heads = ['#', 'operation', 'model', 'over', 'age', 'events', 'bytes', 'faults', 'end it'];

export function createStreamsTable(state) {
  const body = element('tbody');
  const rows = new Map();
  let order = 'oldest';
  fillTable('streams', 'Streams in flight', heads, body);
  byId('order').addEventListener('change', ({ target }) => {
    order = target.value;
    update();
  });
  const remove = (sequence, { row }) => {
    if (row.contains(document.activeElement)) byId('order').querySelector(':checked').focus();
    row.remove();
    rows.delete(sequence);
  };
  const update = () => {
    const { streams, streamsInFlight, at } = state.fakes;
    const shown = streams[order];
    const numbers = new Set(shown.map(({ sequence }) => sequence));
    for (const [sequence, row] of rows) if (!numbers.has(sequence)) remove(sequence, row);
    const nowMs = Date.parse(at);
    for (const [index, stream] of shown.entries()) {
      const row = rows.get(stream.sequence) ?? createRow(stream);
      rows.set(stream.sequence, row);
      if (body.children[index] !== row.row)
        body.insertBefore(row.row, body.children[index] ?? null);
      row.show(stream, nowMs);
    }
    write(
      byId('streams-count'),
      shown.length < streamsInFlight
        ? `The ${shown.length} ${order} of ${writeNumber(streamsInFlight)}.`
        : `${writeNumber(streamsInFlight)} in flight.`,
    );
  };
  return { update };
}

function createRow({ sequence }) {
  const cells = heads.slice(0, -1).map((_, index) => element('td', { class: classOf(index) }));
  const end = element(
    'button',
    {
      type: 'button',
      class: 'small',
      'aria-label': `End stream ${sequence}`,
      onclick: () =>
        attempt(() => call('DELETE', `streams/${sequence}`), `Stream ${sequence} is ended.`),
    },
    'End',
  );
  return {
    row: element('tr', {}, ...cells, element('td', {}, end)),
    show({ operation, model, transport, startedAt, events, bytes, faults }, nowMs) {
      const age = writeMs(Math.max(0, Math.floor((nowMs - Date.parse(startedAt)) / 1000) * 1000));
      const texts = [sequence, operation, model, transport, age, writeNumber(events)];
      texts.push(writeBytes(bytes), faults.join(', ') || '-');
      for (const [index, text] of texts.entries()) write(cells[index], String(text));
    },
  };
}

const classOf = (index) => ([0, 4, 5, 6].includes(index) ? 'number' : null);
