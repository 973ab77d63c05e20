// The program: asks the fake Vertex AI through every client and prints one table of it.

import { exampleRefreshToken } from '../../../../mocks/auth/google/directory.ts';
import { type Fake, runTable } from '../../clients/run-table.ts';
import { clients } from './clients.ts';
import type { VertexDoor } from './suites/vertex.ts';

process.exitCode = await runTable({
  clients,
  // Python's and Go's Live clients talk TLS to an http:// address as well.
  fakes: [['--tls'], ['--auth', 'verify', '--tls']],
  doors,
  environment: (caFile) => ({
    NODE_EXTRA_CA_CERTS: caFile,
    SSL_CERT_FILE: caFile,
    REQUESTS_CA_BUNDLE: caFile,
    GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: caFile,
    METADATA_SERVER_DETECTION: 'none',
    NO_GCE_CHECK: 'true',
  }),
});

/** Off: any token will do, or none. Verifying: only one that the fake itself has given out. */
async function doors(fakes: readonly Fake[]): Promise<readonly VertexDoor[]> {
  const [off, verifying] = fakes;
  if (off === undefined || verifying === undefined) throw new Error('Cannot go without two fakes.');
  const door = ({ controlUrl }: Fake, rest: Omit<VertexDoor, 'journalUrl'>): VertexDoor => ({
    journalUrl: `${controlUrl}/journal`,
    ...rest,
  });
  return [
    door(off, { name: 'http', url: off.url, verifies: false, token: 'made-up' }),
    door(verifying, {
      name: 'https verified',
      url: verifying.tlsUrl ?? '',
      verifies: true,
      token: await accessToken(verifying.url),
    }),
  ];
}

/** As a user's library gets it. How each client does is in conformance/auth. */
async function accessToken(url: string): Promise<string> {
  const { token, clientId, clientSecret } = exampleRefreshToken;
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: clientId,
    client_secret: clientSecret,
    refresh_token: token,
  });
  const answer = await fetch(`${url}/token`, { method: 'POST', body });
  if (!answer.ok) throw new Error(`Cannot get an access token: ${await answer.text()}`);
  return ((await answer.json()) as { access_token: string }).access_token;
}
