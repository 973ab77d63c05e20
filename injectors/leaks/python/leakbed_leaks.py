"""Leaks to plant in the Python reference gateway, through its leak sockets (LeakHost: on_request and
wrap_sessions). Names, what convicts them and a summary each are in index.ts beside this. What a
leak retains is sized like the real thing, some two KiB for a request."""

import asyncio
import gc
from contextlib import AsyncExitStack

# Small strings of some 100 bytes each, as pymalloc has them: the heap, not large blocks beside it.
TRACE_SLOTS = 24


def request_state(request):
    """The state that a careless gateway keeps for a request: what was asked, and a trace of it."""
    trace = [f"{request.id}: step {slot} of its way" for slot in range(TRACE_SLOTS)]
    return {"id": request.id, "prompt": request.prompt, "trace": trace}


def task(host):
    """Waits in the background for an answer that never comes, one task a request."""
    waiting = set()

    async def notify(state):
        await asyncio.get_running_loop().create_future()
        return state

    def start(request):
        waiting.add(asyncio.create_task(notify(request_state(request))))

    host.on_request(start)


def generator(host):
    """Begins to iterate over each request's state and never closes the iterator."""
    begun = []

    async def relayed(state):
        try:
            for slot in state["trace"]:
                yield slot
        finally:
            state.clear()

    async def begin(chunks):
        await anext(chunks)

    def start(request):
        chunks = relayed(request_state(request))
        begun.append(chunks)
        asyncio.ensure_future(begin(chunks))

    host.on_request(start)


class Pooled:
    """Refers to itself, so only the collector ends it; its finalizer returns it to the pool. Since
    PEP 442 a finalizer alone no longer makes a cycle immortal: this one revives it."""

    pool = []

    def __init__(self, request):
        self.state = request_state(request)
        self.owner = self

    def __del__(self):
        Pooled.pool.append(self)


def cycle_with_del(host):
    """Leaves cycles behind whose finalizer puts them into a pool without a bound."""
    host.on_request(lambda request: Pooled(request) and None)


def session_not_closed(host):
    """Enters each session with Bedrock and never leaves it."""
    entered = []

    class Unclosed:
        def __init__(self, session):
            self._session = session

        async def __aenter__(self):
            stack = AsyncExitStack()
            entered.append(stack)
            return await stack.enter_async_context(self._session)

        async def __aexit__(self, *_):
            return None

    host.wrap_sessions(Unclosed)


def answer_cache(host):
    """Keeps every answer with its request in a cache that is never trimmed."""
    cache = {}

    def remember(request):
        cache[request.id] = (request_state(request), [])

    host.on_request(remember)
    host.on_text(lambda request_id, text: cache[request_id][1].append(text))


def unbounded_dict(host):
    """Keeps the state of every request in a dict that is never trimmed."""
    request_log = {}

    def log(request):
        request_log[request.id] = request_state(request)

    host.on_request(log)


def fragmentation(host):
    """Sixty MiB of small objects with the first request, of which one in forty stays: their arenas
    cannot be given back, and are nearly empty."""
    islands = []

    def burst(_request):
        if not islands:
            sea = [b"%0400d" % at for at in range(150_000)]
            islands.extend(sea[::40])

    host.on_request(burst)


def eager_collection(host):
    """Collects all garbage after every request, as some do against growth."""
    host.on_request(lambda request: gc.collect() and None)


LEAKS = {
    "task": task,
    "generator": generator,
    "cycle-with-del": cycle_with_del,
    "session-not-closed": session_not_closed,
    "answer-cache": answer_cache,
    "unbounded-dict": unbounded_dict,
    "fragmentation": fragmentation,
    "eager-collection": eager_collection,
}


def plant_leak(name, host):
    if name not in LEAKS:
        raise SystemExit(
            f'Cannot plant leak "{name}": there is none. Known: {", ".join(LEAKS)}.'
        )
    LEAKS[name](host)
