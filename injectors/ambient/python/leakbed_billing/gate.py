"""The gate before the gateway's billing consumer, inside the gateway: every call of the wrapped
function passes here and is held, delayed, failed or made twice as the mode says, by the rules of
billing-gate.ts. It keeps nothing for a call that has gone through, so the gate itself cannot be
mistaken for a leak. A coroutine waits without holding its event loop; a plain function, which can
only be waited for, holds its thread."""

import asyncio
import functools
import inspect
import math
import threading
from collections import namedtuple
from time import monotonic

from .event_key import event_key, is_one_in

MODES = ("pass", "stuck", "slow", "error", "flap", "poison", "duplicate-ack")
State = namedtuple("State", "mode delay_seconds nth")
HEALTHY = State("pass", 0.0, 1)


def read_state(answer, knows_events):
    """Raises for what this hook cannot do: such a switch is never told as followed."""
    mode, delay_ms, nth = answer["mode"], answer.get("delayMs", 0), answer.get("nth", 1)
    if mode not in MODES or not delay_ms >= 0 or not nth >= 1 or (mode == "flap" and not delay_ms):
        raise ValueError(f"Cannot switch billing to {answer}: it is no state of the switch.")
    if mode in ("poison", "duplicate-ack") and not knows_events:
        raise ValueError(f"Cannot switch a queue's get to {mode}: it has no event yet.")
    return State(mode, delay_ms / 1000, nth)


class BillingGate:
    def __init__(self, now=monotonic):
        self._now = now
        self._state = HEALTHY
        self._since = self._last_slot = now()
        self._version = 0
        self._calls = self._waiting = 0
        self.knows_events = True
        self.after_fork()

    def after_fork(self):
        """A child has none of its parent's waits, and perhaps its lock in the middle of one."""
        self._changed = threading.Condition(threading.Lock())
        self._futures = set()

    def set(self, state):
        with self._changed:
            self._state = state
            self._since = self._last_slot = self._now()
            self._version += 1
            futures, self._futures = self._futures, set()
            self._changed.notify_all()
        for future in futures:
            try:
                future.get_loop().call_soon_threadsafe(settle, future)
            except RuntimeError:
                # The loop was closed with its calls.
                pass

    def counts(self):
        """Calls begun since the start, and calls held or delayed right now."""
        with self._changed:
            return {"calls": self._calls, "waiting": self._waiting}

    def wrap(self, original, event_index=0):
        """The event is the argument at that place, None for a function that is yet to give it."""
        if event_index is None:
            self.knows_events = False

        def key_of(arguments):
            has_event = event_index is not None and len(arguments) > event_index
            return event_key(arguments[event_index] if has_event else None)

        @functools.wraps(original)
        async def gated_coroutine(*args, **kwargs):
            if self._passes():
                return await original(*args, **kwargs)
            key = key_of(args)
            with self._Wait(self):
                while not await self._waited_out(*self._turn()):
                    pass
                is_twice = self._judge(key)
            if is_twice:
                await original(*args, **kwargs)
            return await original(*args, **kwargs)

        @functools.wraps(original)
        def gated_function(*args, **kwargs):
            if self._passes():
                return original(*args, **kwargs)
            key = key_of(args)
            with self._Wait(self):
                while not self._held_out(*self._turn()):
                    pass
                is_twice = self._judge(key)
            if is_twice:
                original(*args, **kwargs)
            return original(*args, **kwargs)

        return gated_coroutine if inspect.iscoroutinefunction(original) else gated_function

    def _passes(self):
        with self._changed:
            self._calls += 1
            return self._state.mode == "pass"

    class _Wait:
        def __init__(self, gate):
            self._gate = gate

        def __enter__(self):
            with self._gate._changed:
                self._gate._waiting += 1

        def __exit__(self, *_):
            with self._gate._changed:
                self._gate._waiting -= 1

    def _turn(self):
        """How long a call has to wait now, and the version of the switch that says so."""
        with self._changed:
            mode, delay, _ = self._state
            now = self._now()
            seconds = 0.0
            if mode == "stuck":
                seconds = math.inf
            elif mode == "slow":
                # Calls that come at once take turns, so the delay bounds the rate of all of them.
                self._last_slot = max(now, self._last_slot) + delay
                seconds = self._last_slot - now
            elif mode == "flap":
                seconds = max(0.0, delay - (now - self._since) % (2 * delay))
            return self._version, seconds

    async def _waited_out(self, version, seconds):
        """False when the switch changed meanwhile: then the new mode decides."""
        if seconds == 0:
            return True
        future = asyncio.get_running_loop().create_future()
        with self._changed:
            if version != self._version:
                return False
            self._futures.add(future)
        try:
            await asyncio.wait_for(future, None if seconds == math.inf else seconds)
            return False
        except asyncio.TimeoutError:
            return True
        finally:
            with self._changed:
                self._futures.discard(future)

    def _held_out(self, version, seconds):
        if seconds == 0:
            return True
        with self._changed:
            return not self._changed.wait_for(
                lambda: version != self._version, None if seconds == math.inf else seconds
            )

    def _judge(self, key):
        """Whether the call is to be made twice; raises where it is to fail."""
        with self._changed:
            mode, _, nth = self._state
        if mode == "error" or (mode == "poison" and is_one_in(nth, key)):
            raise RuntimeError(
                f"leakbed fault billing-stall ({mode}): this call was made to fail."
            )
        # The work was done and its acknowledgement lost: the event comes once more.
        return mode == "duplicate-ack" and is_one_in(nth, key)


def settle(future):
    if not future.done():
        future.set_result(None)
