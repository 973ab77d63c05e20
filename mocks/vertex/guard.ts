// Asks the gate, where there is one, whether a call may come in, and says no in the words of a
// ProviderError. Who asks is judged before the message is read; what is asked for, after it.

import type { GoogleGate } from '../auth/google/gate.ts';
import { type AskedMethod, GoogleRefusal } from '../auth/google/refusal.ts';
import { type ApiRequest, ProviderError } from '../provider.ts';
import type { Method } from './methods.ts';

export interface Guard {
  /** Throws unless the caller is known; the guard of this one caller. */
  enter(): (resource: string) => void;
}

const service = 'aiplatform.googleapis.com';
const packages: Readonly<Record<string, string>> = {
  Operations: 'google.longrunning',
  Locations: 'google.cloud.location',
};
const modelPermission = 'aiplatform.endpoints.predict';

export function guardOf(request: ApiRequest, { key, name, version }: Method): Guard {
  const owner = key.split('/')[0] ?? '';
  const space = packages[owner] ?? `google.cloud.aiplatform.${version}`;
  return createGuard(request, `${space}.${owner}.${name}`, permissionOf(owner, name));
}

/** The Live API, whose method is in no proto of the SDK. */
export function liveGuard(request: ApiRequest): Guard {
  const [, version = 'v1'] = /aiplatform\.(v1(?:beta1)?)\./.exec(request.rawPath) ?? [];
  const method = `google.cloud.aiplatform.${version}.LlmBidiService.BidiGenerateContent`;
  return createGuard(request, method, modelPermission);
}

function createGuard(request: ApiRequest, method: string, permission: string): Guard {
  const { gate } = request;
  const asked: AskedMethod = { service, method };
  return {
    enter() {
      if (gate === undefined) return () => undefined;
      const account = spelled(() => gate.authenticate(presentedBy(request), asked));
      return (resource) => spelled(() => gate.authorize(account, { permission, resource }, asked));
    },
  };
}

function presentedBy({ headers, query }: ApiRequest): Parameters<GoogleGate['authenticate']>[0] {
  const header = (name: string) => {
    const value = headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  const token = query.get('access_token');
  return {
    authorization: header('authorization') ?? (token === null ? undefined : `Bearer ${token}`),
    apiKey: header('x-goog-api-key') ?? query.get('key') ?? undefined,
    userProject: header('x-goog-user-project'),
    host: header('host') ?? header(':authority'),
  };
}

function spelled<T>(ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof GoogleRefusal)) throw error;
    const { status, message, info, challenge } = error;
    const headers = challenge === undefined ? {} : { 'www-authenticate': challenge };
    throw new ProviderError(status, message, { headers, hints: { errorInfo: info } });
  }
}

/** Source: "IAM permissions reference" of Vertex AI; asking a model, however, is one permission. */
function permissionOf(owner: string, name: string): string {
  const kinds: Readonly<Record<string, string>> = {
    GenAiCacheService: 'cachedContents',
    Operations: 'operations',
    Locations: 'locations',
    ModelGardenService: 'publishers',
  };
  const kind = kinds[owner];
  const [verb = ''] = /^[A-Z][a-z]+/.exec(name) ?? [];
  return kind === undefined ? modelPermission : `aiplatform.${kind}.${verb.toLowerCase()}`;
}
