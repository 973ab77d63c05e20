// One chart of the page: uPlot with the look of the reports, drawn again at a new size and in a new
// colour scheme. Its newest figures stand in words beside the title, for who does not see it.

import { element, write } from './element.js';
import { writeNumber } from './figures.js';

const dark = matchMedia('(prefers-color-scheme: dark)');
const height = 170;

/**
 * `series`: label, colour of the palette, and whether it is a line, points or one side of a band.
 * `background()`: the phases and fault windows to shade, in the units of x.
 */
export function createChart({ title, unit, xLabel, isClock, series, background }) {
  const figures = element('span', { class: 'now' });
  const host = element('div', { class: 'plot', role: 'img', 'aria-label': title });
  const figure = element('figure', {}, element('figcaption', {}, title, ' ', figures), host);
  let plot = null;
  let columns = null;

  const draw = () => {
    plot?.destroy();
    plot = null;
    if (columns === null || host.clientWidth === 0) return;
    const colors = window.plotStyle.palette();
    plot = new window.uPlot(options(colors), columns, host);
  };
  const options = (colors) => ({
    width: host.clientWidth,
    height,
    scales: { x: { time: false }, y: { range: window.plotStyle.yRange } },
    axes: [
      {
        ...window.plotStyle.axis(xLabel, colors, false),
        ...(isClock && { values: clockTimes, label: undefined, labelSize: 0 }),
      },
      window.plotStyle.axis(unit, colors, true),
    ],
    series: [{ label: xLabel }, ...series.map((each) => lineOptions(each, colors))],
    bands: series.flatMap(({ bandTo, color }, index) =>
      bandTo === undefined
        ? []
        : [{ series: [index + 1, bandTo], fill: `${colors.series[color]}33` }],
    ),
    legend: { show: series.length > 1, live: false, markers: { fill: markerFill } },
    cursor: { show: false },
    padding: [background === undefined ? 8 : 40, 22, 0, 0],
    hooks: {
      drawClear: background ? [(drawn) => window.drawBackground(drawn, background(), colors)] : [],
    },
  });
  const resized = new ResizeObserver(() => {
    if (plot === null) draw();
    else if (plot.width !== host.clientWidth) plot.setSize({ width: host.clientWidth, height });
  });
  resized.observe(host);
  dark.addEventListener('change', draw);
  return {
    figure,
    update(data, inWords) {
      columns = data;
      if (plot === null) draw();
      else plot.setData(data);
      write(figures, inWords);
      host.setAttribute('aria-label', `${title}: ${inWords || 'nothing yet'}`);
    },
    /** Another takes its place. */
    end() {
      resized.disconnect();
      dark.removeEventListener('change', draw);
      plot?.destroy();
    },
  };
}

function lineOptions({ label, color, isPoints, isEdge }, colors) {
  const stroke = colors.series[color];
  const line = { label, stroke, width: 1.5, spanGaps: true, points: { show: false } };
  if (isPoints)
    return { ...line, paths: () => null, points: { show: true, size: 5, fill: stroke } };
  return isEdge ? { ...line, width: 0.75 } : line;
}

function markerFill(plot, index) {
  return plot.series[index].stroke();
}

function clockTimes(_plot, splits) {
  const digits = (value) => String(value).padStart(2, '0');
  return splits.map((seconds) => {
    const at = new Date(seconds * 1000);
    return `${digits(at.getHours())}:${digits(at.getMinutes())}:${digits(at.getSeconds())}`;
  });
}

/** `resident memory 81.2 MiB, live heap 20 MiB`: the newest of each series. */
export function latestWords(history, series, unit) {
  return series
    .map(({ label, column }) => [label, history.latest(column)])
    .filter(([, value]) => value !== null)
    .map(([label, value]) => `${label} ${writeNumber(value)}${unit === '' ? '' : ` ${unit}`}`)
    .join(', ');
}
