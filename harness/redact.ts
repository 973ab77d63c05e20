// Takes secrets out of what a run writes down: a command line or a gateway's environment often
// carries API keys, and run records are attached to tickets. Works on names (`API_KEY=…`,
// `--token …`, a field called `secret`) and on the published shapes of well-known tokens. Rather
// one value too many: a record needs no credential to be read.

const gone = '[redacted]';

// `max_tokens` and `monkey` must stay: the word stands alone or at the end of a compound name.
const words = 'credentials?|password|passwd|authorization|cookie|secret|token|key|key[-_]?id|pwd';
const secretName = new RegExp(
  `(?:^|[^A-Za-z])(?:${words})$|(?:api|access|secret|private)[-_]?key(?:[-_]?id)?$`,
  'i',
);
const camelSecretName = /[a-z](?:Key|Token|Secret|Password|Credentials?|Authorization)$/;

const assignment = /([A-Za-z_][\w.-]*)(["']?\s*[=:]\s*(?!\/\/))("[^"]*"|'[^']*'|[^\s"',;&}]+)/g;
const option = /(--?[A-Za-z][\w-]*)(\s+)("[^"]*"|'[^']*'|[^\s-]\S*)/g;

/** AWS, OpenAI/Anthropic, Google, GitHub, JWT and PEM, as their owners document them. */
const shapes: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g,
  /\bsk-[\w-]{16,}/g,
  /\bAIza[\w-]{30,}/g,
  /\bya29\.[\w.-]+/g,
  /\bgh[pousr]_\w{20,}/g,
  /\beyJ[\w-]{6,}\.[\w-]+\.[\w-]*/g,
];

export function isSecretName(name: string): boolean {
  return secretName.test(name) || camelSecretName.test(name);
}

/** Every secret that can be recognised in a line of text, replaced. */
export function redactText(text: string): string {
  let safe = text
    .replace(/\b(Bearer|Basic)\s+[\w+/=.~-]{6,}/gi, `$1 ${gone}`)
    .replace(/(\w+:\/\/)[^\s/:@]*:[^\s/@]+@/g, `$1${gone}@`);
  for (const shape of shapes) safe = safe.replace(shape, gone);
  return safe
    .replace(assignment, (whole, name: string, equals: string, value: string) =>
      isSecretName(name) && !isTemplate(value) ? `${name}${equals}${gone}` : whole,
    )
    .replace(option, (whole, name: string, gap: string, value: string) =>
      isSecretName(name.replace(/^-+/, '')) && !isTemplate(value) ? `${name}${gap}${gone}` : whole,
    );
}

/** The same for a JSON value: fields by their name, all other strings by their text. */
export function redact<T>(value: T): T {
  return redactValue(value) as T;
}

function redactValue(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(redactValue);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      typeof field === 'string' && isSecretName(name) ? gone : redactValue(field),
    ]),
  );
}

/** Already replaced (`Bearer [redacted]`), or a shell variable that names no value. */
function isTemplate(value: string): boolean {
  return /^(?:Bearer|Basic)$/i.test(value) || /^"?\$\{?\w+\}?"?$/.test(value);
}
