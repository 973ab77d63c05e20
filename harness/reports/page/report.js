// Draws the plots of report.html from the JSON in the page with uPlot, again when the colour
// scheme changes, and at a new size when the window does. Without this script the page still has
// every figure in its tables.

(() => {
  const source = document.getElementById('figures');
  const figures = JSON.parse(source?.textContent ?? '[]');
  const drawn = new Map();

  function palette() {
    const style = getComputedStyle(document.documentElement);
    const read = (name) => style.getPropertyValue(name).trim();
    return {
      series: [0, 1, 2, 3, 4].map((index) => read(`--series-${index}`)),
      text: read('--text'),
      quiet: read('--quiet'),
      rule: read('--rule'),
      grid: read('--grid'),
      fault: read('--fault'),
      faultText: read('--fault-text'),
      font: read('--sans'),
    };
  }

  function seriesOptions({ label, style, color }, colors) {
    const stroke = colors.series[color];
    const value = (_plot, figure) => (figure == null ? '-' : String(Number(figure.toPrecision(5))));
    const line = { label, stroke, value, spanGaps: true, width: 1.5, points: { show: false } };
    switch (style) {
      case 'points':
        return { ...line, paths: () => null, points: { show: true, size: 6, fill: stroke } };
      case 'trend':
        return { ...line, width: 2 };
      case 'limit':
        return { ...line, dash: [6, 5] };
      default:
        return line;
    }
  }

  function axis(label, colors, isSide) {
    const font = `12px ${colors.font}`;
    const common = { label, labelFont: font, font, stroke: colors.quiet, labelSize: 20 };
    const lines = { grid: { stroke: colors.grid, width: 1 }, ticks: { show: false }, gap: 6 };
    return isSide
      ? { ...common, ...lines, size: sideWidth, labelGap: 2 }
      : { ...common, ...lines, size: 32, space: 60 };
  }

  /** Wide enough for the longest tick, so that labels are neither cut nor far away. */
  function sideWidth(_plot, values) {
    const longest = Math.max(0, ...(values ?? []).map((text) => String(text).length));
    return Math.max(30, 14 + longest * 7);
  }

  function options(figure, host, colors) {
    return {
      width: host.clientWidth,
      height: figure.isSmall ? 220 : 320,
      scales: {
        x: { time: false, range: (_plot, low, high) => xRange(figure, low, high) },
        y: { range: yRange },
      },
      axes: [axis(figure.xLabel, colors, false), axis(figure.yLabel, colors, true)],
      series: [
        { label: figure.xLabel },
        ...figure.series.map((each) => seriesOptions(each, colors)),
      ],
      legend: { live: !matchMedia('(hover: none)').matches, markers: { fill: markerFill } },
      // Room above the plot for the names of phases and faults.
      padding: [figure.phases.length + figure.windows.length > 0 ? 40 : 8, 12, 0, 0],
      cursor: { drag: { x: true, y: false }, points: { size: 7 } },
      hooks: { drawClear: [(plot) => window.drawBackground(plot, figure, colors)] },
    };
  }

  function markerFill(plot, index) {
    return plot.series[index].stroke();
  }

  /** The whole run at first; what the reader dragged out afterwards. */
  function xRange(figure, low, high) {
    const all = figure.series.flatMap(({ x }) => [x[0], x[x.length - 1]]);
    const isWhole = low === Math.min(...all) && high === Math.max(...all);
    return isWhole || low == null ? figure.xRange : [low, high];
  }

  /** Zero is always in view: a cut axis makes noise look like growth. */
  function yRange(_plot, low, high) {
    if (low == null || high == null) return [0, 1];
    const bottom = Math.min(0, low);
    const top = Math.max(0, high);
    const space = (top - bottom) * 0.08 || 1;
    return [bottom < 0 ? bottom - space : 0, top + space];
  }

  function draw(figure, colors) {
    const host = document.getElementById(figure.id);
    if (host === null) return;
    drawn.get(figure.id)?.destroy();
    const data = window.uPlot.join(figure.series.map(({ x, y }) => [x, y]));
    drawn.set(figure.id, new window.uPlot(options(figure, host, colors), data, host));
  }

  function drawAll() {
    const colors = palette();
    for (const figure of figures) draw(figure, colors);
  }

  const resized = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const plot = drawn.get(target.id);
      if (plot === undefined || plot.width === target.clientWidth) continue;
      plot.setSize({ width: target.clientWidth, height: plot.height });
    }
  });

  drawAll();
  for (const { id } of figures) {
    const host = document.getElementById(id);
    if (host !== null) resized.observe(host);
  }
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
})();
