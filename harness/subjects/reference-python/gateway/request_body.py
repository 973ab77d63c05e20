"""The bodies that the API accepts: OpenAI's, as far as this gateway goes. Fields it does not know
are ignored, because clients send many; what it knows is judged as it is, not bent until it fits.
Source: https://platform.openai.com/docs/api-reference/chat/create and …/embeddings/create"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from .core import ChatMessage, ChatQuery

NonEmpty = Annotated[str, Field(min_length=1)]


class Body(BaseModel):
    model_config = ConfigDict(strict=True)


class TextPart(Body):
    type: Literal["text"]
    text: str


class Message(Body):
    role: Literal["system", "developer", "user", "assistant"]
    content: str | Annotated[list[TextPart], Field(min_length=1)]

    def to_core(self) -> ChatMessage:
        content = self.content
        text = content if isinstance(content, str) else "".join(part.text for part in content)
        return ChatMessage("system" if self.role == "developer" else self.role, text)


class StreamOptions(Body):
    include_usage: bool = False


class ChatBody(Body):
    model: str
    messages: Annotated[list[Message], Field(min_length=1)]
    stream: bool = False
    stream_options: StreamOptions = StreamOptions()
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    max_completion_tokens: Annotated[int, Field(ge=1)] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, Field(ge=0, le=1)] | None = None
    stop: str | Annotated[list[str], Field(max_length=4)] | None = None

    def to_query(self) -> ChatQuery:
        return ChatQuery(
            model=self.model,
            messages=[message.to_core() for message in self.messages],
            max_tokens=self.max_completion_tokens or self.max_tokens,
            temperature=self.temperature,
            top_p=self.top_p,
            stop=[self.stop] if isinstance(self.stop, str) else self.stop,
        )


class EmbeddingBody(Body):
    model: str
    input: NonEmpty | Annotated[list[NonEmpty], Field(min_length=1, max_length=2048)]

    @property
    def texts(self) -> list[str]:
        return [self.input] if isinstance(self.input, str) else self.input
