// Draws the plots of report.html from the JSON in the page with uPlot, again when the colour
// scheme changes, and at a new size when the window does. Without this script the page still has
// every figure in its tables.

(() => {
  const { plotStyle } = window;
  const source = document.getElementById('figures');
  const figures = JSON.parse(source?.textContent ?? '[]');
  const drawn = new Map();

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

  function options(figure, host, colors) {
    return {
      width: host.clientWidth,
      height: figure.isSmall ? 220 : 320,
      scales: {
        x: { time: false, range: (_plot, low, high) => xRange(figure, low, high) },
        y: { range: plotStyle.yRange },
      },
      axes: [
        plotStyle.axis(figure.xLabel, colors, false),
        plotStyle.axis(figure.yLabel, colors, true),
      ],
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

  function draw(figure, colors) {
    const host = document.getElementById(figure.id);
    if (host === null) return;
    drawn.get(figure.id)?.destroy();
    const data = window.uPlot.join(figure.series.map(({ x, y }) => [x, y]));
    drawn.set(figure.id, new window.uPlot(options(figure, host, colors), data, host));
  }

  function drawAll() {
    const colors = plotStyle.palette();
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
