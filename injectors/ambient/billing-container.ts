// The billing stall in a container: the sink (or a worker of its own) is paused by the freezer, or
// taken off its networks, through Docker's command line. Nothing inside it is touched, and a
// harness that is killed leaves it running and connected.
// Source: https://docs.docker.com/reference/cli/docker/container/pause/ and …/network/disconnect/

import type { Clock } from '../determinism.ts';
import type { Stalled } from './billing-remote.ts';
import type { StallState } from './billing-stall.ts';
import { type Docker, dockerCommand } from './docker.ts';
import { leaveWill } from './last-will.ts';
import { createTurns } from './turns.ts';

interface Network {
  readonly name: string;
  readonly aliases: readonly string[];
}

export function createContainerStall(
  container: string,
  clock: Clock,
  docker: Docker = dockerCommand,
): Stalled {
  const turns = createTurns(clock);
  let cut: readonly (Network & { revoke(): void })[] = [];
  let isPaused = false;
  let revoke = () => {};

  const pause = async (wanted: boolean) => {
    if (wanted === isPaused) return;
    if (wanted) revoke = await leaveWill('docker unpause "$1"', [container]);
    try {
      await docker([wanted ? 'pause' : 'unpause', container]);
      isPaused = wanted;
    } finally {
      // One that could not be unpaused is left to the will.
      if (!isPaused) revoke();
    }
  };
  const disconnect = async () => {
    for (const network of await networksOf(container, docker)) {
      const revoke = await leaveWill('docker network connect "$@"', joining(network, container));
      try {
        await docker(['network', 'disconnect', '--force', network.name, container]);
      } catch (error) {
        revoke();
        throw error;
      }
      cut = [...cut, { ...network, revoke }];
    }
  };
  const connect = async () => {
    // Docker forgets the names it had in a network, and others know it by them.
    for (const network of cut) {
      await docker(['network', 'connect', ...joining(network, container)]);
      network.revoke();
      cut = cut.filter((other) => other !== network);
    }
  };
  return {
    counts: () => ({ calls: 0, waiting: Number(isPaused || cut.length > 0) }),
    async set({ mode, delayMs }: StallState) {
      await turns.stop();
      await pause(mode === 'stuck');
      await connect();
      if (mode === 'error') await disconnect();
      if (mode === 'flap') await turns.start(delayMs, pause);
    },
  };
}

const joining = ({ name, aliases }: Network, container: string) => [
  ...aliases.flatMap((alias) => ['--alias', alias]),
  name,
  container,
];

async function networksOf(container: string, docker: Docker): Promise<readonly Network[]> {
  const format = '{{json .NetworkSettings.Networks}}';
  const text = await docker(['inspect', '--format', format, container]);
  const networks = JSON.parse(text) as Record<string, { Aliases?: string[] | null }>;
  return Object.entries(networks).map(([name, { Aliases }]) => ({ name, aliases: Aliases ?? [] }));
}
