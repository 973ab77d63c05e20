// How every plot of leakbed looks: colours of the theme, axes, and a y axis that begins at zero.
// For the dashboard and, inlined, for report.html.

window.plotStyle = (() => {
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

  /** Zero is always in view: a cut axis makes noise look like growth. */
  function yRange(_plot, low, high) {
    if (low == null || high == null) return [0, 1];
    const bottom = Math.min(0, low);
    const top = Math.max(0, high);
    const space = (top - bottom) * 0.08 || 1;
    return [bottom < 0 ? bottom - space : 0, top + space];
  }

  return { palette, axis, yRange };
})();
