"""API keys: the database has them, as digests, and a request seldom waits for it. A key that was
found there is trusted for a minute, and on while the database does not answer: its outage delays
billing and refuses nobody whose key was good. A key taken out is refused within the minute."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from time import monotonic

from .gateway_error import GatewayError

TRUST_SECONDS = 60
# How long an answer is waited for, and how long it is then not asked again.
ANSWER_SECONDS = 2
AWAY_SECONDS = 5
TRUSTED_LIMIT = 1000


class ApiKeys:
    def __init__(self, has_digest: Callable[[str], Awaitable[bool]]) -> None:
        self._has_digest = has_digest
        # Of each digest until when it is trusted; the oldest is first.
        self._trusted: dict[str, float] = {}

    async def accepts(self, key: str) -> bool:
        name = digest(key)
        until = self._trusted.get(name)
        if until is not None and monotonic() < until:
            return True
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                is_there, trust_seconds = await self._has_digest(name), TRUST_SECONDS
        except Exception as error:
            if until is None:
                raise unchecked() from error
            is_there, trust_seconds = True, AWAY_SECONDS
        self._trusted.pop(name, None)
        if is_there:
            self._trusted[name] = monotonic() + trust_seconds
            if len(self._trusted) > TRUSTED_LIMIT:
                del self._trusted[next(iter(self._trusted))]
        return is_there


def unchecked() -> GatewayError:
    message = "Cannot check the key: the database does not answer. Retry later."
    return GatewayError(503, "key_not_checked", message, {"retry-after": "1"})


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
