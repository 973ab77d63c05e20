"""How many texts go into one embedding call: as many as the provider takes, as long as the vectors
that come back fit into a share of the memory that is free. What a text costs is learnt from the
answers, so a model with larger vectors gets smaller batches; a machine under pressure too."""

import re
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from .core import Embeddings

# Until the first answer: small enough for any model, large enough to learn from.
FIRST_BATCH = 8
# However little memory is free: smaller calls cost more time than they save memory.
LEAST_BATCH = 16
# Batches grow by this factor at most, so that one odd answer does not decide.
GROWTH = 4
# Vectors in flight may take so much of what is free.
MEMORY_SHARE = 0.1
# A number is text on the wire, then a message or a float and its place in a list, then text again.
BYTES_PER_NUMBER = 72

Embed = Callable[[Sequence[str]], Awaitable[Embeddings]]


class EmbeddingBatches:
    def __init__(self, available_bytes: Callable[[], float] | None = None) -> None:
        self._available_bytes = available_bytes or free_for_vectors
        self._cost_bytes = 0.0
        self._running = 0
        # Of the last batch; 0 before the first.
        self.last_size = 0

    async def run(
        self,
        texts: Sequence[str],
        provider_limit: int,
        embed: Embed,
        fixed_size: int | None = None,
    ) -> Embeddings:
        """Embeds one batch after the other; the order is kept. A `fixed_size` is used as it is, up
        to the provider's limit."""
        vectors: list[list[float]] = []
        input_tokens = start = 0
        self._running += 1
        try:
            while start < len(texts):
                size = min(fixed_size or self._next_size(provider_limit), provider_limit)
                batch = texts[start : start + size]
                start += len(batch)
                self.last_size = size
                answer = await embed(batch)
                self._learn(batch, answer)
                vectors += answer.vectors
                input_tokens += answer.input_tokens
        finally:
            self._running -= 1
        return Embeddings(vectors, input_tokens)

    def _next_size(self, provider_limit: int) -> int:
        if self._cost_bytes == 0:
            return min(FIRST_BATCH, provider_limit)
        # Requests that embed at the same time share what is free.
        budget = self._available_bytes() * MEMORY_SHARE / max(1, self._running)
        fitting = int(min(budget / self._cost_bytes, provider_limit))
        return min(provider_limit, max(LEAST_BATCH, min(fitting, self.last_size * GROWTH)))

    def _learn(self, texts: Sequence[str], answer: Embeddings) -> None:
        numbers = sum(map(len, answer.vectors))
        characters = sum(map(len, texts))
        cost = (numbers * BYTES_PER_NUMBER + 2 * characters) / len(texts)
        self._cost_bytes = max(1.0, cost)


def free_for_vectors() -> float:
    """The nearest limit: the machine's, the cgroup's (v2 or v1), the process's two of its own."""
    free = [
        number_in("/proc/meminfo", r"^MemAvailable:\s+(\d+) kB") * 1024,
        number_in("/proc/self/limits", r"^Max data size\s+(\d+)")
        - number_in("/proc/self/status", r"^VmData:\s+(\d+) kB", 0) * 1024,
        number_in("/proc/self/limits", r"^Max resident set\s+(\d+)")
        - number_in("/proc/self/status", r"^VmRSS:\s+(\d+) kB", 0) * 1024,
    ]
    for limit, used in CGROUP_FILES:
        free.append(number_in(limit, r"^(\d+)$") - number_in(used, r"^(\d+)$", 0))
    return max(0.0, min(free))


# As a container sees its own cgroup.
CGROUP_FILES = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes",
    ),
)


def number_in(path: str, pattern: str, absent: float = float("inf")) -> float:
    """Where nothing is said there is no limit."""
    try:
        found = re.search(pattern, Path(path).read_text("ascii"), re.MULTILINE)
    except OSError:
        return absent
    return float(found[1]) if found else absent
