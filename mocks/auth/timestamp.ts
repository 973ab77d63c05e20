// Times as AWS writes them in signatures: ISO 8601 in its basic format, UTC, whole seconds.

/** `20250130T064508Z`. */
export function basicTime(date: Date): string {
  return date
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:]/g, '');
}

/** Undefined when it is no such time; 31 February is none. */
export function parseBasicTime(text: string): Date | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(date.getTime()) || basicTime(date) !== text ? undefined : date;
}

/** `2025-01-30T06:45:08Z`, as credentials carry their end. */
export function isoSeconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}
