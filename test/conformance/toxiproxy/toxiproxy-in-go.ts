// Toxiproxy's own programs, built once into a folder that is kept: its server, and its tests with
// the server taken out and ours asked instead (go/remote.go says how).

import { type Installed, install } from '../clients/install.ts';

const files = ['go.mod', 'go.sum', 'remote.go', 'set-up.sh'];

export function installToxiproxy(): Promise<Installed> {
  return install({
    name: 'toxiproxy',
    locks: files.map((file) => new URL(`./go/${file}`, import.meta.url)),
    commands: () => [['sh', 'set-up.sh']],
    program: (folder) => `${folder}/toxiproxy-server`,
  });
}
