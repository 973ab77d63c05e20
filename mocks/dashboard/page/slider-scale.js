// Which slider an option gets: from a place on the slider to the option's text and back. Amounts
// that span decades are on a logarithmic scale, on which 20ms and 20s are equally easy to reach.

export const places = 1000;

const millisecond = { ms: 1, s: 1000, m: 60_000 };
const byte = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };
const longestMs = 600_000;

/** `text(place)` and `place(text)`, which is null for a text no slider can stand at; or null. */
export function scaleOf(form) {
  switch (form.kind) {
    case 'integer':
      return numbers(form.min, form.max, String, Number);
    case 'duration':
      return numbers(0, longestMs, writeDuration, (text) => read(text, millisecond, 'ms'));
    case 'size':
      return numbers(0, form.maxBytes, writeSize, (text) => read(text, byte, 'B'));
    case 'share':
      return percent((text) => (text.endsWith('%') ? Number(text.slice(0, -1)) : 100 * text));
    case 'position':
      return percent((text) => (text.endsWith('%') ? Number(text.slice(0, -1)) : Number.NaN));
    default:
      return null;
  }
}

function numbers(min, max, write, readText) {
  const isWide = min >= 0 && max - min > 2000;
  const least = Math.max(1, min);
  const text = (place) => {
    if (!isWide) return write(Math.round(min + (place / places) * (max - min)));
    if (place === 0) return write(min);
    const value = least * (max / least) ** ((place - 1) / (places - 1));
    return write(Math.min(max, Math.max(least, tidy(value))));
  };
  const place = (value) => {
    if (!isWide) return ((value - min) / (max - min)) * places;
    if (value < least) return 0;
    return 1 + (Math.log(value / least) / Math.log(max / least)) * (places - 1);
  };
  return { text, place: (words) => onSlider(place(readText(words))) };
}

function percent(readText) {
  return {
    text: (place) => `${Math.round((100 * place) / places)}%`,
    place: (words) => onSlider((readText(words) / 100) * places),
  };
}

function onSlider(place) {
  if (!Number.isFinite(place)) return null;
  return Math.round(Math.min(places, Math.max(0, place)));
}

/** Two digits are as exact as a hand on a slider. */
function tidy(value) {
  return Math.round(Number(value.toPrecision(2)));
}

function read(text, units, plain) {
  const match = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(text.trim());
  if (match === null) return Number.NaN;
  return Number(match[1]) * (units[match[2] || plain] ?? Number.NaN);
}

function writeDuration(ms) {
  if (ms < 1000) return `${ms}ms`;
  return ms < 60_000 ? `${tenths(ms / 1000)}s` : `${tenths(ms / 60_000)}m`;
}

function writeSize(bytes) {
  const [name, factor] = Object.entries(byte).findLast(([, size]) => bytes >= size) ?? ['B', 1];
  return `${tenths(bytes / factor)}${name}`;
}

const tenths = (value) => Number(value.toFixed(1));
