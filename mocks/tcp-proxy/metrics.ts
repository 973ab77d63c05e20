// `GET metrics`: bytes by proxy and direction under the names of Toxiproxy, and open connections.
// https://github.com/Shopify/toxiproxy/blob/v2.12.0/METRICS.md

import type { TcpProxy } from '../../injectors/tcp/proxy.ts';
import { directions } from '../../injectors/tcp/toxic.ts';

const labelNames = ['direction', 'proxy', 'listener', 'upstream'] as const;

export async function proxyMetrics(
  proxies: readonly TcpProxy[],
): Promise<{ readonly type: string; readonly text: string }> {
  // It takes as long to load as the rest of the server.
  const { Counter, Gauge, Registry } = await import('prom-client');
  const registry = new Registry();
  const registers = [registry];
  for (const what of ['received', 'sent'] as const) {
    const name = `toxiproxy_proxy_${what}_bytes_total`;
    const counter = new Counter({ name, help: `Bytes ${what}.`, labelNames, registers });
    for (const { bytes, name: proxy, listen: listener, upstream } of proxies) {
      for (const direction of directions) {
        counter.inc({ direction, proxy, listener, upstream }, bytes[direction][what]);
      }
    }
  }
  const name = 'leakbed_proxy_open_connections';
  const open = new Gauge({ name, help: 'Open connections.', labelNames: ['proxy'], registers });
  for (const { name: proxy, connectionCount } of proxies) open.set({ proxy }, connectionCount);
  return { type: registry.contentType, text: await registry.metrics() };
}
