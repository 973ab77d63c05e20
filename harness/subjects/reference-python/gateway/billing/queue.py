"""The bounded queue between requests and the billing worker. A request reserves its place before
the provider is called, so the bound holds for events to come as well, and a full queue costs a
refusal instead of memory or a lost event. Order is that of arrival."""

import asyncio
from dataclasses import asdict, dataclass

from ..core import TokenUsage
from ..gateway_error import GatewayError


@dataclass(frozen=True, slots=True)
class BillingEvent:
    """`request_id` is the key of the ledger: an event is billed once, however often delivered."""

    request_id: str
    model: str
    usage: TokenUsage

    def to_log(self) -> dict:
        return {"request_id": self.request_id, "model": self.model, **asdict(self.usage)}


class Reservation:
    """A place in the queue: filled once with `bill`, or given back with `release`."""

    __slots__ = ("_model", "_queue", "_request_id")

    def __init__(self, queue: "BillingQueue", request_id: str, model: str) -> None:
        self._queue, self._request_id, self._model = queue, request_id, model

    def bill(self, usage: TokenUsage) -> None:
        self._queue.fill(BillingEvent(self._request_id, self._model, usage))

    def release(self) -> None:
        """Does nothing after `bill`, so it can stand in a `finally`."""
        self._queue.give_back(self._request_id)


class BillingQueue:
    """`limit` 0 means no bound: memory then grows for as long as the worker is stuck."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.accepted_count = 0
        self.rejected_count = 0
        self._events: asyncio.Queue[BillingEvent] = asyncio.Queue(limit)
        self._reserved: set[str] = set()
        self._waiting: dict[str, BillingEvent] = {}

    @property
    def depth(self) -> int:
        """Events that wait for the worker, the one in its hands included."""
        return len(self._waiting)

    def reserve(self, request_id: str, model: str) -> Reservation:
        if request_id in self._reserved or request_id in self._waiting:
            raise duplicate(request_id)
        if 0 < self.limit <= len(self._reserved) + len(self._waiting):
            self.rejected_count += 1
            raise GatewayError(
                503,
                "billing_queue_full",
                f"Cannot accept the request: {self.limit} billable events wait already. "
                "Retry later.",
                {"retry-after": "1"},
            )
        self._reserved.add(request_id)
        return Reservation(self, request_id, model)

    def fill(self, event: BillingEvent) -> None:
        if event.request_id not in self._reserved:
            return
        self._reserved.remove(event.request_id)
        self._waiting[event.request_id] = event
        self._events.put_nowait(event)
        self.accepted_count += 1

    def give_back(self, request_id: str) -> None:
        self._reserved.discard(request_id)

    async def next_event(self) -> BillingEvent:
        return await self._events.get()

    def settle(self, event: BillingEvent) -> None:
        """Takes out an event that the ledger has."""
        self._waiting.pop(event.request_id, None)
        self._events.task_done()

    def left(self) -> list[BillingEvent]:
        return list(self._waiting.values())

    async def drained(self) -> None:
        await self._events.join()


def duplicate(request_id: str) -> GatewayError:
    return GatewayError(
        409,
        "duplicate_request_id",
        f'Cannot accept request id "{request_id}": it was used before. Send a new x-request-id.',
    )
