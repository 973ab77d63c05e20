// How this gateway is spoken to: in OpenAI's words and under the names of the reference gateways'
// metrics, or as its profile says.

import { type GatewayClient, openGatewayClient } from '../load/gateway-client.ts';
import { encodeByProfile } from '../load/profiled-request.ts';
import type { MetricsTextOptions } from '../probes/metrics-text.ts';
import { type GatewayChoice, type GatewaySurroundings, profileOf } from '../subjects/gateway.ts';
import { fixedValues } from '../subjects/profiled-gateway.ts';
import type { QueueMetrics } from './queue-facts.ts';

export interface GatewayWords {
  readonly queueMetrics: QueueMetrics;
  /** Null where a profile names no metrics page. */
  readonly depthMetric: MetricsTextOptions | null;
  openClient(url: string, requestIdPrefix: string, nowMs: () => number): GatewayClient;
}

export function gatewayWords(
  gateway: GatewayChoice,
  around: Pick<GatewaySurroundings, 'mocksUrl' | 'apiKey'>,
): GatewayWords {
  const { apiKey } = around;
  const profile = profileOf(gateway);
  const { path, queueDepth } = profile?.metrics ?? {};
  return {
    queueMetrics: profile?.metrics ?? {},
    depthMetric:
      profile !== undefined && profile.metrics === undefined
        ? null
        : {
            ...(path !== undefined && { path }),
            ...(queueDepth !== undefined && { metric: queueDepth }),
          },
    openClient: (url, requestIdPrefix, nowMs) =>
      // Aborts of the workload are its arms, told by name in every row; not journalled one by one.
      openGatewayClient({
        url,
        apiKey,
        connectionLimit: 256,
        requestIdPrefix,
        nowMs,
        ...(profile !== undefined && {
          apiPath: '',
          encode: encodeByProfile(profile, fixedValues(around)),
        }),
      }),
  };
}
