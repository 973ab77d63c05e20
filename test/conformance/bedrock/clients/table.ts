// The program: asks the fake Bedrock through every client and prints one table of it.

import { exampleKey } from '../../../../mocks/auth/accounts.ts';
import { type Fake, runTable } from '../../clients/run-table.ts';
import { clients } from './clients.ts';
import type { BedrockDoor } from './suites/bedrock.ts';

process.exitCode = await runTable({
  clients,
  fakes: [[], ['--auth', 'verify', '--tls']],
  doors,
  environment: (caFile) => ({
    NODE_EXTRA_CA_CERTS: caFile,
    SSL_CERT_FILE: caFile,
    AWS_CA_BUNDLE: caFile,
    AWS_EC2_METADATA_DISABLED: 'true',
  }),
});

/** Off: any key will do. Verifying: only the example key does, with a true signature. */
function doors([off, verifying]: readonly Fake[]): readonly BedrockDoor[] {
  const door = (name: string, fake: Fake | undefined, url: string, verifies: boolean) => ({
    name,
    url,
    journalUrl: `${fake?.controlUrl}/journal`,
    verifies,
    accessKeyId: verifies ? exampleKey.id : 'made-up',
    secretAccessKey: verifies ? exampleKey.secret : 'made-up',
  });
  return [
    door('http', off, off?.url ?? '', false),
    door('http verified', verifying, verifying?.url ?? '', true),
    door('https verified', verifying, verifying?.tlsUrl ?? '', true),
  ];
}
