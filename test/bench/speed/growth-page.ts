// The growth plots as one page without scripts: CPU and memory against size, both axes logarithmic,
// with a dashed line of what would be linear.

export interface Curve {
  readonly name: string;
  readonly unit: string;
  readonly of: string;
  readonly sizes: readonly number[];
  readonly cpuMs: readonly number[];
  readonly rssMiB: readonly number[];
}

const width = 360;
const height = 240;
const margin = { left: 56, top: 12, right: 12, bottom: 40 };

export function growthPage(curves: readonly Curve[]): string {
  const figures = curves.flatMap(({ name, unit, of, sizes, cpuMs, rssMiB }) => [
    figure(`${name}: ms of CPU for ${of}`, unit, sizes, cpuMs),
    figure(`${name}: resident MiB`, unit, sizes, rssMiB),
  ]);
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Growth of the fakes</title>
<style>
body { font: 14px system-ui, sans-serif; margin: 24px; color: #222; background: #fff }
main { display: flex; flex-wrap: wrap; gap: 24px } figure { margin: 0 }
figcaption { font-weight: 600; margin-bottom: 4px } text { font: 11px system-ui, sans-serif }
.line { fill: none; stroke: #0b62a4; stroke-width: 2 } .dot { fill: #0b62a4 }
.linear { stroke: #b35900; stroke-dasharray: 4 4 } .frame { fill: none; stroke: #999 }
</style>
<h1>Growth of the fakes</h1>
<p>Both axes are logarithmic; the dashed line is linear growth from the largest size back.</p>
<main>
${figures.join('\n')}
</main></html>
`;
}

function figure(
  title: string,
  unit: string,
  sizes: readonly number[],
  values: readonly number[],
): string {
  const x = scale(sizes, margin.left, width - margin.right);
  const bottom = height - margin.bottom;
  const [first = 1, last = 1] = [sizes[0], sizes.at(-1)];
  const end = values.at(-1) ?? 1;
  const linear = (end * first) / last;
  const y = scale([...values, Math.max(linear, Math.min(...values) / 4)], bottom, margin.top);
  const points = sizes.map((size, index) => {
    const value = values[index] ?? 1;
    return { left: Math.round(x(size)), top: Math.round(y(value)) };
  });
  const text = (left: number, top: number, anchor: string, what: string) =>
    `<text x="${left}" y="${top}" text-anchor="${anchor}">${what}</text>`;
  const labels = sizes.map((size) => text(x(size), bottom + 14, 'middle', short(size)));
  const ticks = [Math.min(...values), Math.max(...values)].map((value) =>
    text(margin.left - 6, y(value) + 4, 'end', short(value)),
  );
  const told = `${title}: ${values.map(short).join(', ')} at ${sizes.join(', ')} ${unit}`;
  const plot = { width: width - margin.left - margin.right, height: bottom - margin.top };
  const box = `x="${margin.left}" y="${margin.top}" width="${plot.width}" height="${plot.height}"`;
  const from = `x1="${x(first)}" y1="${y(linear)}"`;
  const path = points.map(({ left, top }) => `${left},${top}`).join(' ');
  const dots = points.map(
    ({ left, top }) => `<circle class="dot" r="3" cx="${left}" cy="${top}"/>`,
  );
  return `<figure><figcaption>${title}</figcaption>
<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"
  role="img" aria-label="${told}">
<rect class="frame" ${box}/><clipPath id="c"><rect ${box}/></clipPath>
<line class="linear" clip-path="url(#c)" ${from} x2="${x(last)}" y2="${y(end)}"/>
<polyline class="line" points="${path}"/>${dots.join('')}
${labels.join('')}${ticks.join('')}
${text((margin.left + width) / 2, height - 6, 'middle', unit)}
</svg></figure>`;
}

function scale(values: readonly number[], from: number, to: number): (value: number) => number {
  const logs = values.map(Math.log10);
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  const span = Math.max(high - low, 0.1);
  return (value) => from + ((Math.log10(value) - low) / span) * (to - from);
}

function short(value: number): string {
  return value >= 1000
    ? `${Number((value / 1000).toPrecision(3))}k`
    : `${Number(value.toPrecision(3))}`;
}
