// Formatters for thirty languages, made when they are first needed: native memory in a cache.

const languages =
  'ar bg bn cs da de el en es fa fi fr he hi hu id it ja ko nl pl pt ro ru sk sv'.split(' ');
const formatters = new Map();

export function format(id) {
  const language = languages[Math.floor(id / 40) % languages.length];
  if (!formatters.has(language)) formatters.set(language, new Intl.NumberFormat(language));
  return formatters.get(language).format(id);
}
