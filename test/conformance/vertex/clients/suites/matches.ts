// Does a value have what is wanted of it? Literals are the same, patterns fit, and of objects and
// lists only the named fields count.

export function matches(value: unknown, wanted: unknown): boolean {
  if (wanted instanceof RegExp) return typeof value === 'string' && wanted.test(value);
  if (typeof wanted !== 'object' || wanted === null) return (value ?? null) === (wanted ?? null);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(wanted) && wanted.length !== (value as readonly unknown[]).length) return false;
  const fields = value as Readonly<Record<string, unknown>>;
  return Object.entries(wanted).every(([name, part]) => matches(fields[name], part));
}
