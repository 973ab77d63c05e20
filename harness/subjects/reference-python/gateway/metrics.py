"""GET /metrics in the Prometheus text format, under the names of the Node reference gateway; what
the client library tells of the process and of Python's collector comes with it."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from .billable import Services


class GatewayCollector(Collector):
    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> Iterator[Metric]:
        queue, worker = self._services.queue, self._services.worker
        counts = self._services.counts
        # The library appends _total to a counter's name.
        yield gauge("billing_queue_depth", "Billable events not yet in the ledger.", queue.depth)
        yield gauge("billing_queue_limit", "Bound of the queue; 0 is none.", queue.limit)
        yield counter("billing_events", "Billable events queued.", queue.accepted_count)
        yield counter("billing_written", "Events the ledger has taken.", worker.billed_count)
        yield counter("billing_retries", "Consumer calls that failed.", worker.retry_count)
        yield counter("billing_rejected", "Requests refused with 503.", queue.rejected_count)
        yield gauge("gateway_requests_active", "Billable requests in flight.", counts.active)
        yield counter("gateway_requests", "Billable requests accepted.", counts.total)
        yield counter("gateway_abandoned", "Clients that left early.", counts.abandoned)


def gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value)


def counter(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(name, text, value)


def open_registry(services: Services) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(GatewayCollector(services))
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    return registry
