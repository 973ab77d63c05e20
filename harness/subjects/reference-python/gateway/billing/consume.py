"""The billing consumer: the one place where a billable event becomes a row. It is a function of a
module of its own, so that a billing stall can be put around it from outside."""

from ..database import Database
from .queue import BillingEvent


async def consume(event: BillingEvent, database: Database) -> None:
    """Raises when the row could not be written; the worker then tries again."""
    await database.record(event.request_id, event.model, event.usage)
