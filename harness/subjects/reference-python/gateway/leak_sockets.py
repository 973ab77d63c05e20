"""The sockets that planted leaks plug into (injectors/leaks/python). Without a leak nothing listens
here, and every session is closed with its request."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

SessionContext = AbstractAsyncContextManager


@dataclass(frozen=True, slots=True)
class LeakRequest:
    id: str
    model: str
    prompt: str


class LeakSockets:
    def __init__(self) -> None:
        self._listeners: list[Callable[[LeakRequest], None]] = []
        self._text_listeners: list[Callable[[str, str], None]] = []
        self._wrap: Callable[[SessionContext], SessionContext] | None = None

    def on_request(self, listener: Callable[[LeakRequest], None]) -> None:
        """Registers a function that is called with every billable request."""
        self._listeners.append(listener)

    def on_text(self, listener: Callable[[str, str], None]) -> None:
        """Registers a function that is called with every piece of text that answers a request."""
        self._text_listeners.append(listener)

    def wrap_sessions(self, wrap: Callable[[SessionContext], SessionContext]) -> None:
        """Puts something between a request and the session with its provider."""
        self._wrap = wrap

    def accepted(self, request: LeakRequest) -> None:
        for listener in self._listeners:
            listener(request)

    def delivered(self, request_id: str, text: str) -> None:
        for listener in self._text_listeners:
            listener(request_id, text)

    def session(self, session: SessionContext) -> SessionContext:
        return session if self._wrap is None else self._wrap(session)


def plant(name: str, host: LeakSockets) -> None:
    """leakbed puts its leaks on the path of whom it starts; a gateway of its own has none."""
    from leakbed_leaks import plant_leak

    plant_leak(name, host)
