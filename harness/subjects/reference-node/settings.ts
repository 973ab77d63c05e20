// The gateway's settings, all from the environment. A bad value ends the start with one sentence
// that names the variable. AWS_ENDPOINT_URL_BEDROCK_RUNTIME, AWS_REGION and credentials are read
// by the AWS SDK itself; they are looked at here only to know whether the endpoint is a fake one.

export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly apiKeys: readonly string[];
  readonly logLevel: string;
  readonly aws: {
    readonly region: string;
    readonly useDummyCredentials: boolean;
    /** HTTP/1.1 instead of the SDK's default, HTTP/2. */
    readonly useHttp1: boolean;
  };
  readonly vertex: {
    /** Undefined means Google's own endpoint of the location, over TLS, with real credentials. */
    readonly endpoint: string | undefined;
    readonly port: number;
    readonly project: string;
    readonly location: string;
    /** REST over HTTP/1.1 instead of the SDK's default, gRPC. */
    readonly useRest: boolean;
  };
  /** Postgres for the ledger; undefined means SQLite. */
  readonly databaseUrl: string | undefined;
  /** Path of the SQLite ledger; undefined means a temporary file that is removed at the end. */
  readonly ledgerPath: string | undefined;
  /** Billable events that may be queued or in flight; 0 means no bound, at the risk of memory. */
  readonly billingQueueLimit: number;
  /** Texts of one embedding call at most; 0 suits them to the memory that is free. */
  readonly textsPerCall: number;
  readonly leak: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const logLevels = ['warn', 'fatal', 'error', 'info', 'debug', 'trace', 'silent'] as const;

export function readSettings(env: Environment): Settings {
  const apiKeys = (env.API_KEYS ?? 'leakbed').split(',').map((key) => key.trim());
  if (apiKeys.includes('')) throw refused('API_KEYS', env.API_KEYS, 'a comma-separated list');
  const logLevel = oneOf(env, 'LOG_LEVEL', logLevels);
  return {
    host: env.HOST ?? '127.0.0.1',
    port: wholeNumber(env, 'PORT', 0, 65_535),
    apiKeys,
    logLevel,
    aws: {
      region: env.AWS_REGION ?? 'us-east-1',
      useDummyCredentials: isFakeBedrock(env),
      useHttp1: oneOf(env, 'BEDROCK_TRANSPORT', ['http2', 'http1']) === 'http1',
    },
    vertex: {
      endpoint: env.VERTEX_API_ENDPOINT,
      port: wholeNumber(env, 'VERTEX_PORT', 443, 65_535),
      project: env.GOOGLE_CLOUD_PROJECT ?? 'leakbed',
      location: env.GOOGLE_CLOUD_LOCATION ?? 'us-central1',
      useRest: oneOf(env, 'VERTEX_TRANSPORT', ['grpc', 'rest']) === 'rest',
    },
    databaseUrl: databaseUrl(env),
    ledgerPath: env.LEDGER,
    billingQueueLimit: wholeNumber(env, 'BILLING_QUEUE_LIMIT', 1000, Number.MAX_SAFE_INTEGER),
    textsPerCall: wholeNumber(env, 'EMBEDDING_TEXTS_PER_CALL', 0, 2048),
    leak: env.LEAKBED_LEAK === '' ? undefined : env.LEAKBED_LEAK,
  };
}

function databaseUrl({ DATABASE_URL: url }: Environment): string | undefined {
  if (url === undefined || url === '') return undefined;
  if (URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol)) return url;
  // The value may hold a password, so it is not repeated.
  const allowed = 'a URL such as postgres://user:password@host:5432/database';
  throw refused('DATABASE_URL', '(not shown)', allowed);
}

/** The real service has no plain HTTP, and whoever brings credentials means to use them. */
function isFakeBedrock(env: Environment): boolean {
  const endpoint = env.AWS_ENDPOINT_URL_BEDROCK_RUNTIME ?? env.AWS_ENDPOINT_URL;
  if (endpoint === undefined) return false;
  if (!URL.canParse(endpoint)) {
    throw refused('AWS_ENDPOINT_URL_BEDROCK_RUNTIME', endpoint, 'a URL such as http://host:4010');
  }
  const brought = [env.AWS_ACCESS_KEY_ID, env.AWS_PROFILE, env.AWS_BEARER_TOKEN_BEDROCK];
  return new URL(endpoint).protocol === 'http:' && brought.every((value) => value === undefined);
}

/** The first is the default. */
function oneOf<Value extends string>(
  env: Environment,
  name: string,
  values: readonly [Value, ...Value[]],
): Value {
  const raw = env[name] ?? '';
  const value = raw === '' ? values[0] : values.find((allowed) => allowed === raw);
  if (value === undefined) throw refused(name, raw, `one of ${values.join(', ')}`);
  return value;
}

function wholeNumber(env: Environment, name: string, fallback: number, max: number): number {
  const raw = env[name];
  if (raw === undefined || raw === '') return fallback;
  const value = /^\d+$/.test(raw) ? Number(raw) : Number.NaN;
  if (!(value <= max)) throw refused(name, raw, `a whole number from 0 to ${max}`);
  return value;
}

function refused(name: string, value: string | undefined, allowed: string): RangeError {
  return new RangeError(`Cannot start the gateway with ${name}=${value}: it must be ${allowed}.`);
}
