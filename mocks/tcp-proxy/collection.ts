// The proxies by name. Names are unique; the number of proxies is bounded.

import type { Clock, Rng } from '../../injectors/determinism.ts';
import { createProxy, type TcpProxy } from '../../injectors/tcp/proxy.ts';
import { ApiError } from './api-error.ts';
import type { ProxyFields } from './read-body.ts';

export interface ProxyCollection {
  readonly all: readonly TcpProxy[];
  get(name: string): TcpProxy;
  add(fields: ProxyFields): Promise<TcpProxy>;
  /** One that already is at these addresses stays, with its toxics. */
  addOrReplace(fields: ProxyFields): Promise<TcpProxy>;
  remove(name: string): Promise<void>;
  /** Every proxy is enabled again and without toxics. */
  reset(): Promise<void>;
  clear(): Promise<void>;
}

/** Each holds a port; a process has few more to give. */
const maxProxies = 10_000;

export function createProxyCollection(parts: {
  readonly clock: Clock;
  readonly rng: Rng;
}): ProxyCollection {
  const proxies = new Map<string, TcpProxy>();
  const open = async (fields: ProxyFields): Promise<TcpProxy> => {
    if (proxies.size >= maxProxies) throw new Error(`there are ${maxProxies} proxies already`);
    const proxy = createProxy(fields.name, fields, parts);
    // Taken before it listens, so that a second request for the name is a conflict.
    proxies.set(fields.name, proxy);
    try {
      await proxy.setEnabled(fields.enabled);
      return proxy;
    } catch (error) {
      proxies.delete(fields.name);
      throw error;
    }
  };
  const get = (name: string): TcpProxy => {
    const found = proxies.get(name);
    if (found === undefined) throw new ApiError('proxy not found');
    return found;
  };
  const remove = async (name: string) => {
    const proxy = get(name);
    proxies.delete(name);
    await proxy.setEnabled(false);
  };
  return {
    get all() {
      return [...proxies.values()];
    },
    get,
    remove,
    async add(fields) {
      if (proxies.has(fields.name)) throw new ApiError('proxy already exists');
      return open(fields);
    },
    async addOrReplace(fields) {
      const existing = proxies.get(fields.name);
      if (existing !== undefined) {
        if (await existing.isAt(fields)) return existing;
        await existing.setEnabled(false);
      }
      return open(fields);
    },
    async reset() {
      for (const proxy of proxies.values()) {
        await proxy.setEnabled(true);
        proxy.clearToxics();
      }
    },
    async clear() {
      for (const name of [...proxies.keys()]) await remove(name);
    },
  };
}
