// Draws on a plot what uPlot does not know: phases and fault windows, behind the series. For the
// dashboard and, inlined, for report.html; no module, because a file: page has none.

/** Hook for uPlot's `drawClear`: shaded windows with names, and the start of each phase. */
window.drawBackground = function drawBackground(plot, figure, colors) {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio || 1;
  const at = (seconds) =>
    Math.min(Math.max(plot.valToPos(seconds, 'x', true), bbox.left), bbox.left + bbox.width);
  ctx.save();
  ctx.font = `${11 * ratio}px ${colors.font}`;
  ctx.textBaseline = 'top';
  // Of a plot that was drawn before, the axes have left theirs.
  ctx.textAlign = 'left';
  drawWindows(ctx, bbox, ratio, at, figure.windows, colors);
  drawPhases(ctx, bbox, ratio, at, figure.phases, colors);
  ctx.restore();
};

/** A name is written where it fits; the line under the plot lists every window all the same. */
function drawWindows(ctx, bbox, ratio, at, windows, colors) {
  const band = 18 * ratio;
  let free = bbox.left;
  for (const { label, fromS, toS } of windows) {
    const left = at(fromS);
    const width = Math.max(at(toS) - left, ratio);
    ctx.fillStyle = colors.fault;
    ctx.fillRect(left, bbox.top - band, width, bbox.height + band);
    const textWidth = ctx.measureText(label).width + 6 * ratio;
    if (textWidth > width || left < free) continue;
    free = left + textWidth;
    ctx.fillStyle = colors.faultText;
    ctx.fillText(label, left + 4 * ratio, bbox.top - 14 * ratio);
  }
}

/** Names stand above the band of the faults, so neither hides a reading. */
function drawPhases(ctx, bbox, ratio, at, phases, colors) {
  for (const { name, fromS, toS } of phases) {
    const left = at(fromS);
    ctx.strokeStyle = colors.quiet;
    ctx.globalAlpha = 0.55;
    ctx.lineWidth = ratio;
    ctx.setLineDash([2 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(left, bbox.top - 34 * ratio);
    ctx.lineTo(left, bbox.top + bbox.height);
    ctx.stroke();
    ctx.globalAlpha = 1;
    if (ctx.measureText(name).width + 6 * ratio > at(toS) - left) continue;
    ctx.fillStyle = colors.quiet;
    ctx.fillText(name, left + 4 * ratio, bbox.top - 32 * ratio);
  }
}
