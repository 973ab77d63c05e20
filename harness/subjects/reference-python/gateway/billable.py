"""One billable request from acceptance to its end: its place in the billing queue, whether its
client is still there, and the counts. Everything hangs on the request's own scope, nothing on
anything shared."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.requests import Request

from .api_keys import ApiKeys
from .billing.queue import BillingQueue, Reservation, duplicate
from .billing.worker import BillingWorker
from .core import ProviderAdapter
from .database import Database
from .gateway_error import GatewayError
from .leak_sockets import LeakRequest, LeakSockets
from .models import Model

Result = TypeVar("Result")


@dataclass(slots=True)
class RequestCounts:
    active: int = 0
    total: int = 0
    abandoned: int = 0


@dataclass(frozen=True, slots=True)
class Services:
    """What the lifespan opened and every request shares."""

    adapters: dict[str, ProviderAdapter]
    api_keys: ApiKeys
    database: Database
    queue: BillingQueue
    worker: BillingWorker
    leak_sockets: LeakSockets
    counts: RequestCounts
    texts_per_call: int | None = None


@dataclass(frozen=True, slots=True)
class Billable:
    id: str
    model: Model
    prompt: str
    adapter: ProviderAdapter
    reservation: Reservation
    counts: RequestCounts
    leak_sockets: LeakSockets

    def delivered(self, text: str) -> None:
        """A piece of the answer's text has come."""
        self.leak_sockets.delivered(self.id, text)


@asynccontextmanager
async def accepted(request: Request, model: Model, prompt: str) -> AsyncGenerator[Billable, None]:
    """Refuses before any provider is called; gives the place in the queue back at the end."""
    services: Services = request.state.services
    request_id: str = request.state.request_id
    if services.database.has_billed(request_id):
        raise duplicate(request_id)
    reservation = services.queue.reserve(request_id, model.id)
    counts = services.counts
    counts.active += 1
    counts.total += 1
    try:
        services.leak_sockets.accepted(LeakRequest(request_id, model.id, prompt))
        adapter = services.adapters[model.provider]
        sockets = services.leak_sockets
        yield Billable(request_id, model, prompt, adapter, reservation, counts, sockets)
    except ClientLeftError:
        counts.abandoned += 1
        raise
    finally:
        counts.active -= 1
        reservation.release()


class ClientLeftError(GatewayError):
    def __init__(self) -> None:
        super().__init__(499, "client_left", "Nobody waits for the answer any more.")


async def while_connected(request: Request, work: Coroutine[Any, Any, Result]) -> Result:
    """The result of `work`, which is cancelled when the client leaves first."""
    task = asyncio.create_task(work)
    left = asyncio.create_task(client_left(request))
    try:
        await asyncio.wait({task, left}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientLeftError
        return task.result()
    finally:
        task.cancel()
        left.cancel()
        await asyncio.gather(task, left, return_exceptions=True)


async def client_left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
