// What the suites in Node ask the fake Vertex AI for: the doors' tokens, the models, who they are.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Auth from 'google-auth-library';
import { type Door, setup } from '../../../clients/suites/cells.ts';

export interface VertexDoor extends Door {
  /** An access token that is good at this door. */
  readonly token: string;
}

export const doors = setup.doors as readonly VertexDoor[];

export const project = 'p';
export const location = 'us-central1';
export const scope = `projects/${project}/locations/${location}`;
export const models = {
  gemini: 'gemini-2.5-flash',
  live: 'gemini-2.0-flash-live',
  veo: 'veo-3.0-generate-001',
  embedding: 'text-embedding-005',
  embedding2: 'gemini-embedding-2-preview',
  claude: 'claude-sonnet-4-5@20250929',
  llama: 'meta/llama-3.3-70b-instruct-maas',
  mistral: 'mistral-medium-3',
} as const;

/** What a package of the folder under test gets when it asks for `name`: SDKs bring their own. */
export function loadBeside<T>(beside: string, name: string): T {
  const file = join(setup.folder, 'node_modules', beside, 'package.json');
  return createRequire(file)(name) as T;
}

/** An account whose token never expires, so that the SDK asks nobody for one. */
export function accountOf(beside: string, { token }: VertexDoor): Auth.OAuth2Client {
  const { OAuth2Client } = loadBeside<typeof Auth>(beside, 'google-auth-library');
  const client = new OAuth2Client();
  client.setCredentials({ access_token: token, expiry_date: 8e15 });
  return client;
}
