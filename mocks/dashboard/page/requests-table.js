// The requests that ended last: what was asked, which faults acted, how each ended.

import { byId, element, write } from './element.js';
import { writeBytes, writeMs, writeNumber } from './figures.js';

const heads = ['#', 'operation', 'model', 'ended as', 'what faults did', 'events', 'bytes', 'took'];
const rowCount = 20;

export function createRequestsTable(state) {
  const rows = Array.from({ length: rowCount }, createRow);
  const body = element('tbody', {}, ...rows.map(({ row }) => row));
  fillTable('requests', 'Requests that ended last', heads, body);
  return {
    update() {
      const { recent, fakes } = state;
      for (const [index, { show }] of rows.entries()) show(recent[index]);
      write(
        byId('requests-count'),
        fakes.requests === 0
          ? 'None yet.'
          : `The newest of ${writeNumber(fakes.requests)}; the journal holds up to 10,000.`,
      );
    },
  };
}

/** What is wider than the screen scrolls, by keyboard too. */
export function fillTable(id, title, heads, body) {
  const cells = heads.map((name) => element('th', { scope: 'col' }, name));
  const head = element('thead', {}, element('tr', {}, ...cells));
  byId(id).append(element('caption', { class: 'skip' }, title), head, body);
  const around = byId(id).parentElement;
  around.tabIndex = 0;
  around.setAttribute('role', 'region');
  around.setAttribute('aria-label', `${title}, table`);
}

function createRow() {
  const cells = heads.map((_, index) => element('td', { class: index > 4 ? 'number' : null }));
  const row = element('tr', { hidden: true }, ...cells);
  return {
    row,
    show(request) {
      row.hidden = request === undefined;
      if (request === undefined) return;
      const { sequence, operation, model, ending, injected, events, bytes, durationMs } = request;
      const took = writeMs(durationMs);
      const did = injected.join('; ') || '-';
      const texts = [sequence, operation, model, ending, did, writeNumber(events)];
      texts.push(writeBytes(bytes), took);
      for (const [index, text] of texts.entries()) write(cells[index], String(text));
      row.dataset.ending = ['complete', 'gone'].includes(ending) ? ending : 'broken';
    },
  };
}
