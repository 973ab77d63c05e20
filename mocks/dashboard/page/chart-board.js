// The charts along time: of the gateway, with phases and fault windows, and of the fakes.

import { createChart, latestWords } from './charts.js';
import { byId, element } from './element.js';
import { gatewayColumns, trafficColumns } from './live-state.js';

const gateway = gatewayColumns.indexOf.bind(gatewayColumns);
const traffic = trafficColumns.indexOf.bind(trafficColumns);

const gatewayCharts = [
  {
    title: 'Memory',
    unit: 'MiB',
    series: [
      { label: 'resident', color: 0, column: gateway('rssBytes') },
      { label: 'live heap', color: 1, column: gateway('heapBytes') },
      { label: 'external', color: 2, column: gateway('externalBytes') },
    ],
  },
  {
    title: 'Requests',
    unit: 'per second',
    series: [
      { label: 'answered', color: 0, column: gateway('answered') },
      { label: 'errors', color: 1, column: gateway('failed') },
    ],
  },
  {
    title: 'Garbage collection',
    unit: 'ms',
    series: [{ label: 'longest pause', color: 3, column: gateway('pauseMs'), isPoints: true }],
  },
  {
    title: 'Sockets and file descriptors',
    unit: 'open',
    series: [
      { label: 'sockets', color: 0, column: gateway('socketCount') },
      { label: 'descriptors', color: 1, column: gateway('fdCount') },
    ],
  },
  {
    title: 'Billing queue',
    unit: 'waiting',
    series: [{ label: 'events', color: 3, column: gateway('queueDepth') }],
  },
];

const trafficCharts = [
  {
    title: 'Streams in flight',
    unit: 'open',
    series: [{ label: 'streams', color: 0, column: traffic('inFlight') }],
  },
  {
    title: 'Requests that ended',
    unit: 'per second',
    series: [
      { label: 'whole', color: 0, column: traffic('complete') },
      { label: 'refused or cut', color: 1, column: traffic('broken') },
      { label: 'left by the client', color: 4, column: traffic('gone') },
    ],
  },
];

export function createChartBoard(state) {
  const background = () => {
    const nowS = state.run.gateway.latest(0) ?? 0;
    const until = (span) => ({ ...span, toS: span.toS ?? nowS });
    return { phases: state.run.phases.map(until), windows: state.run.windows.map(until) };
  };
  const ofRun = gatewayCharts.map((chart) =>
    mounted('gateway-charts', { ...chart, xLabel: 'seconds since the start', background }),
  );
  const ofFakes = trafficCharts.map((chart) =>
    mounted('traffic-charts', { ...chart, xLabel: 'time', isClock: true }),
  );
  return {
    update() {
      const { header, gateway: measured } = state.run;
      const isThere = header !== null && measured.columns[0].length > 0;
      byId('gateway-charts').hidden = !isThere;
      byId('no-run').hidden = isThere;
      if (isThere) for (const update of ofRun) update(measured);
      for (const update of ofFakes) update(state.traffic);
    },
  };
}

/** A chart shows what is measured; of which nothing is measured takes no room. */
function mounted(hostId, options) {
  const place = element('div', { class: 'chart', hidden: true });
  byId(hostId).append(place);
  let chart = null;
  let drawn = '';
  return (history) => {
    const series = options.series.filter(({ column }) => history.latest(column) !== null);
    const wanted = series.map(({ label }) => label).join();
    place.hidden = wanted === '';
    if (wanted === '') return;
    if (wanted !== drawn) {
      chart?.end();
      chart = createChart({ ...options, series });
      drawn = wanted;
      place.replaceChildren(chart.figure);
    }
    const columns = series.map(({ column }) => history.columns[column]);
    const unit = options.unit === 'MiB' || options.unit === 'ms' ? options.unit : '';
    chart.update([history.columns[0], ...columns], latestWords(history, series, unit));
  };
}
