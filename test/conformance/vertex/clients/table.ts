// The program: asks the fake Vertex AI through every client and prints one table of it.

import { runTable } from '../../clients/run-table.ts';
import { clients } from './clients.ts';
import type { VertexDoor } from './suites/vertex.ts';

process.exitCode = await runTable({
  clients,
  fakes: [['--tls']],
  doors: ([fake]) => {
    const journalUrl = `${fake?.controlUrl}/journal`;
    const door = (name: string, url = ''): VertexDoor => ({
      name,
      url,
      journalUrl,
      verifies: false,
      token: 'made-up',
    });
    return [door('http', fake?.url), door('https', fake?.tlsUrl)];
  },
  environment: (caFile) => ({
    NODE_EXTRA_CA_CERTS: caFile,
    SSL_CERT_FILE: caFile,
    REQUESTS_CA_BUNDLE: caFile,
    GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: caFile,
    METADATA_SERVER_DETECTION: 'none',
    NO_GCE_CHECK: 'true',
  }),
});
