"""Takes billing events one by one, oldest first, and hands each to the consumer until it is taken.
An event leaves the queue only after that, so a failing or stuck consumer delays billing but loses
nothing."""

import asyncio
import logging

from ..database import Database
from .consume import consume
from .queue import BillingEvent, BillingQueue

FIRST_BACKOFF_SECONDS = 0.05
LONGEST_BACKOFF_SECONDS = 1.0
log = logging.getLogger(__name__)


class BillingWorker:
    def __init__(self, queue: BillingQueue, database: Database) -> None:
        self._queue, self._database = queue, database
        self.billed_count = 0
        self.retry_count = 0
        # The event loop keeps only a weak reference to a task.
        self._task = asyncio.create_task(self._work(), name="billing-worker")

    async def stop(self, limit_seconds: float) -> list[BillingEvent]:
        """Waits until the queue is empty or the limit is over; returns the events that are left."""
        try:
            await asyncio.wait_for(self._queue.drained(), limit_seconds)
        except TimeoutError:
            pass
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        return self._queue.left()

    async def _work(self) -> None:
        while True:
            event = await self._queue.next_event()
            await self._deliver(event)
            self._queue.settle(event)
            self.billed_count += 1

    async def _deliver(self, event: BillingEvent) -> None:
        backoff = FIRST_BACKOFF_SECONDS
        while True:
            try:
                return await consume(event, self._database)
            except Exception as error:
                self.retry_count += 1
                about = {"request_id": event.request_id, "reason": str(error)}
                log.warning("billing is tried again", extra=about)
            await asyncio.sleep(backoff)
            backoff = min(backoff * 2, LONGEST_BACKOFF_SECONDS)
