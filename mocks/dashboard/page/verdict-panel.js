// The verdict as it forms: the interval of the growth per request, narrowing with every cycle of
// work, and at the end what was found.

import { createChart } from './charts.js';
import { byId, element, write } from './element.js';
import { labelOf, writeBytes, writeNumber, writeRate } from './figures.js';
import { fillTable } from './requests-table.js';

const mostChannels = 8;
const words = { undecided: 'open' };

export function createVerdictPanel(state) {
  const badge = element('span', { class: 'badge' });
  const title = element('h2', { id: 'verdict-title' });
  const sentence = element('p', { class: 'sentence' });
  const suspects = element('ul', { class: 'suspects' });
  const chartPlace = element('div');
  const body = element('tbody');
  const table = element('table', { id: 'channels' });
  const scroll = element('div', { class: 'scroll' }, table);
  byId('verdict-section').append(
    element('div', { class: 'head' }, title, badge),
    sentence,
    suspects,
    chartPlace,
    scroll,
  );
  fillTable('channels', 'Each resource', ['resource', 'per request [interval]', 'so far'], body);
  let chart = null;
  const showChart = (metric, points) => {
    if (chart?.metric !== metric) {
      chart?.end();
      chart = { metric, ...createIntervalChart(metric) };
      chartPlace.replaceChildren(chart.figure);
    }
    const [requests, estimate, low, high] = points.columns;
    chart.update([requests, high, low, estimate], intervalWords(points, metric));
  };
  return {
    update() {
      const { forming, verdict, intervals, warning } = state.run;
      byId('verdict-section').hidden = forming === null && verdict === null;
      if (forming === null && verdict === null) return;
      const channels = verdict?.channels ?? forming?.channels ?? [];
      const leading = channels.find(({ perRequest }) => perRequest !== null);
      write(title, verdict === null ? 'The verdict, forming' : 'The verdict');
      const found = forming?.isDecided === true ? leading?.finding : undefined;
      write(badge, verdict?.outcome ?? found ?? 'measuring');
      badge.dataset.outcome = verdict?.outcome ?? found ?? 'forming';
      write(sentence, verdict?.reason ?? formingSentence(forming, leading, warning));
      const points = intervals.get(leading?.metric);
      chartPlace.hidden = points === undefined;
      if (points !== undefined) showChart(leading.metric, points);
      showChannels(body, channels);
      scroll.hidden = body.children.length === 0;
      suspects.replaceChildren(...(verdict?.suspects ?? []).map(suspectItem));
    },
  };
}

function suspectItem({ name, file, line, bytesPerRequest }) {
  const kept = `: ${writeBytes(bytesPerRequest)} per request`;
  return element('li', {}, 'Suspect ', element('code', {}, `${name} (${file}:${line})`), kept);
}

function createIntervalChart(metric) {
  return createChart({
    title: `${labelOf(metric)}, kept of each request`,
    unit: metric.endsWith('Bytes') ? 'bytes' : 'count',
    xLabel: 'requests',
    series: [
      { label: 'at most', color: 0, isEdge: true, bandTo: 2 },
      { label: 'at least', color: 0, isEdge: true },
      { label: 'estimate', color: 1 },
    ],
  });
}

function intervalWords(points, metric) {
  const [estimate, low, high] = [1, 2, 3].map((column) => points.latest(column));
  return writeRate({ estimate, low, high }, metric);
}

function formingSentence(forming, leading, warning) {
  const requests = `${writeNumber(forming.totalRequests)} requests of phase ${forming.phase}`;
  if (leading === undefined) return `${requests}: too few levels for an interval yet. ${warning}`;
  const { metric, perRequest, resolution } = leading;
  const bytes = metric.endsWith('Bytes') ? writeBytes : writeNumber;
  if (perRequest.low > 0) {
    return `${requests}: ${labelOf(metric)} grows by ${writeRate(perRequest, metric)} per request.`;
  }
  const seen = resolution === null ? '' : ` From ${bytes(resolution)} per request it would show.`;
  return `${requests}: no growth of ${labelOf(metric)} that is more than noise.${seen}`;
}

function showChannels(body, channels) {
  const shown = channels.filter(({ perRequest }) => perRequest !== null).slice(0, mostChannels);
  while (body.children.length > shown.length) body.lastChild.remove();
  while (body.children.length < shown.length) {
    const cells = [element('th', { scope: 'row' }), element('td', { class: 'number' })];
    body.append(element('tr', {}, ...cells, element('td')));
  }
  for (const [index, { metric, perRequest, finding }] of shown.entries()) {
    const [name, rate, found] = body.children[index].children;
    write(name, labelOf(metric));
    write(rate, writeRate(perRequest, metric));
    write(found, words[finding] ?? finding);
    found.dataset.finding = finding;
  }
}
