// Values of command-line options: each is read once, and a bad one names its option.

import { InvalidArgumentError } from 'commander';

function whole(raw: string, min: number, max: number): number {
  const value = /^\d+$/.test(raw) ? Number(raw) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
}

export const portOption = (raw: string): number => whole(raw, 0, 65_535);
export const seedOption = (raw: string): number => whole(raw, 0, 0x7fff_ffff);
export const bytesOption = (raw: string): number => whole(raw, 1, 2 ** 30);
export const usersOption = (raw: string): number => whole(raw, 1, 1000);
export const pidOption = (raw: string): number => whole(raw, 1, 2 ** 22);

/** "330s" or "5m", as seconds. */
export function secondsOption(raw: string): number {
  const [, count, unit] = /^(\d+)(s|m)$/.exec(raw) ?? [];
  const seconds = Number(count) * (unit === 'm' ? 60 : 1);
  if (seconds >= 1 && seconds <= 3600) return seconds;
  throw new InvalidArgumentError('Give a time from 1s to 60m, such as 330s.');
}

const spanUnits: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** "500ms", "20s", "8h" or "7d", as milliseconds; no timer holds more than 24 days. */
export function spanOption(raw: string): number {
  const [, count, unit = ''] = /^(\d+)(ms|s|m|h|d)$/.exec(raw) ?? [];
  const ms = Number(count) * (spanUnits[unit] ?? Number.NaN);
  if (ms >= 1 && ms <= 24 * 86_400_000) return ms;
  throw new InvalidArgumentError('Give a time from 1ms to 24d, such as 20s or 8h.');
}

/** "512MiB" or "2GiB", as bytes. */
export function memoryOption(raw: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)(MiB|GiB)$/.exec(raw) ?? [];
  const bytes = Number(count) * (unit === 'GiB' ? 1024 ** 3 : 1024 ** 2);
  if (bytes > 0) return bytes;
  throw new InvalidArgumentError('Give a size such as 512MiB or 2GiB.');
}

/** HOST:PORT; an IPv6 address stands in brackets. */
export function addressOption(raw: string): { readonly host: string; readonly port: number } {
  const parts = /^(?:\[(.+)\]|([^:]+)):(\d+)$/.exec(raw);
  const host = parts?.[1] ?? parts?.[2];
  if (host !== undefined) return { host, port: portOption(parts?.[3] ?? '') };
  throw new InvalidArgumentError('Give an address such as 0.0.0.0:80.');
}

/** PORT on loopback, or HOST:PORT. */
export function servedOption(raw: string): { readonly host: string; readonly port: number } {
  return /^\d+$/.test(raw) ? { host: '127.0.0.1', port: portOption(raw) } : addressOption(raw);
}

export function urlOption(raw: string): string {
  const url = URL.canParse(raw) ? new URL(raw) : undefined;
  if (url !== undefined && ['http:', 'https:'].includes(url.protocol)) {
    return raw.replace(/\/+$/, '');
  }
  throw new InvalidArgumentError('Give a URL such as http://127.0.0.1:8080.');
}

/** VARIABLE=URL. */
export function sinkOption(raw: string): { readonly variable: string; readonly url: string } {
  const [, variable, url] = /^([A-Za-z_]\w*)=(.+)$/.exec(raw) ?? [];
  if (variable !== undefined && url !== undefined && URL.canParse(url)) return { variable, url };
  throw new InvalidArgumentError('Give DATABASE_URL=postgres://user@127.0.0.1:5432/bills or such.');
}

export function ledgerOption(raw: string): string {
  if (/^(postgres(ql)?:\/\/|sqlite:).+$/.test(raw)) return raw;
  throw new InvalidArgumentError('Give postgres://user@127.0.0.1:5432/bills or sqlite:FILE.');
}

/** An option that may be given again: its values in order. */
export const collect = (value: string, all: readonly string[]): readonly string[] => [
  ...all,
  value,
];
