"""Relays a provider stream to the client as server-sent events. Three things keep it from leaking:
a client that leaves ends the answer at once (Starlette cancels it), a client that reads slowly
holds the provider back (one event is read only after the last was taken), and the answer closes
the provider's stream whatever happened, because a generator that is merely dropped is closed at
the garbage collector's leisure.
Source: https://platform.openai.com/docs/api-reference/chat-streaming"""

import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing

import anyio
import orjson
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from .billable import Billable
from .core import ChatEvent, FinishEvent, TextEvent, TokenUsage, UsageEvent, estimated_tokens
from .gateway_error import GatewayError, error_body


class EventStream(StreamingResponse):
    """An answer that owns what must be closed with it."""

    def __init__(self, chunks: AsyncGenerator[bytes, None], resources: AsyncExitStack) -> None:
        super().__init__(chunks, media_type="text/event-stream")
        self.headers["cache-control"] = "no-cache"
        self._chunks, self._resources = chunks, resources

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with aclosing(self._chunks):
                await super().__call__(scope, receive, send)
        finally:
            # What cancels the answer must not cancel the closing.
            with anyio.CancelScope(shield=True):
                await self._resources.aclose()


class Relay:
    """What one stream has delivered so far, which is what its client is billed for at the end."""

    def __init__(self, billable: Billable, has_usage: bool) -> None:
        self._billable, self._has_usage = billable, has_usage
        self._created = int(time.time())
        self._text_length = 0
        self._usage: TokenUsage | None = None
        self._is_finished = False
        self._is_told = False

    def __enter__(self) -> "Relay":
        return self

    def __exit__(self, *_) -> None:
        if not self._is_told:
            self._billable.counts.abandoned += 1
        self._billable.reservation.bill(self._billed())

    async def chunks(
        self, first: ChatEvent, rest: AsyncGenerator[ChatEvent, None]
    ) -> AsyncGenerator[bytes, None]:
        yield self._delta({"role": "assistant", "content": ""})
        try:
            for chunk in self._take(first):
                yield chunk
            async for event in rest:
                for chunk in self._take(event):
                    yield chunk
            if not self._is_finished:
                raise truncated()
            if self._has_usage:
                yield self._chunk({"choices": [], "usage": openai_usage(self._billed())})
            yield b"data: [DONE]\n\n"
        except GatewayError as error:
            # The status is gone out already; an error event is all that is left to tell.
            yield sse(error_body(error.status_code, error.code, error.detail))
        self._is_told = True

    def _take(self, event: ChatEvent) -> list[bytes]:
        match event:
            case TextEvent(text):
                self._text_length += len(text)
                self._billable.delivered(text)
                return [self._delta({"content": text})]
            case FinishEvent(reason):
                self._is_finished = True
                return [self._delta({}, reason)]
            case UsageEvent(usage):
                self._usage = usage
                return []

    def _delta(self, delta: dict, reason: str | None = None) -> bytes:
        return self._chunk({"choices": [{"index": 0, "delta": delta, "finish_reason": reason}]})

    def _chunk(self, rest: dict) -> bytes:
        head = {
            "id": f"chatcmpl-{self._billable.id}",
            "object": "chat.completion.chunk",
            "created": self._created,
            "model": self._billable.model.id,
        }
        return sse(head | rest)

    def _billed(self) -> TokenUsage:
        """The provider's counts; an estimate for a stream that did not live to tell them."""
        if self._usage is not None:
            return self._usage
        asked = estimated_tokens(len(self._billable.prompt))
        return TokenUsage(asked, estimated_tokens(self._text_length), is_estimated=True)


def openai_usage(usage: TokenUsage) -> dict:
    return {
        "prompt_tokens": usage.input_tokens,
        "completion_tokens": usage.output_tokens,
        "total_tokens": usage.input_tokens + usage.output_tokens,
    }


def sse(data: dict) -> bytes:
    return b"data: " + orjson.dumps(data) + b"\n\n"


def truncated() -> GatewayError:
    return GatewayError(
        502,
        "provider_stream_truncated",
        "Cannot finish the answer: the provider ended its stream before the last event.",
    )
