"""What the gateway means by a chat, a stream and an embedding, in no provider's words. Adapters
translate to it, routes speak OpenAI's dialect of it; neither knows the other."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Role = Literal["system", "user", "assistant"]
FinishReason = Literal["stop", "length", "content_filter"]


@dataclass(frozen=True, slots=True)
class ChatMessage:
    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class ChatQuery:
    """`model` is the provider's own model id."""

    model: str
    messages: Sequence[ChatMessage]
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    stop: Sequence[str] | None = None

    @property
    def prompt(self) -> str:
        return "\n".join(message.content for message in self.messages)


@dataclass(frozen=True, slots=True)
class TokenUsage:
    input_tokens: int = 0
    output_tokens: int = 0
    # True when the provider never told its counts and they were derived from the text.
    is_estimated: bool = False


@dataclass(frozen=True, slots=True)
class TextEvent:
    text: str


@dataclass(frozen=True, slots=True)
class FinishEvent:
    reason: FinishReason


@dataclass(frozen=True, slots=True)
class UsageEvent:
    usage: TokenUsage


ChatEvent = TextEvent | FinishEvent | UsageEvent


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    text: str
    reason: FinishReason
    usage: TokenUsage


@dataclass(frozen=True, slots=True)
class Embeddings:
    vectors: list[list[float]]
    input_tokens: int


class ProviderAdapter(Protocol):
    def stream_chat(self, query: ChatQuery) -> AsyncGenerator[ChatEvent, None]:
        """Who opened it must `aclose()` it, however it ended: only that ends the provider's call."""

    async def chat(self, query: ChatQuery) -> ChatAnswer: ...

    async def embed(
        self, model: str, texts: Sequence[str], texts_per_call: int | None
    ) -> Embeddings: ...

    async def close(self) -> None: ...


def estimated_tokens(text_length: int) -> int:
    """Four characters a token is the usual estimate."""
    return -(-text_length // 4)
