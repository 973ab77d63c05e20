"""Vertex AI through google-cloud-aiplatform on its asynchronous gRPC transport. One client serves
the whole process; a call that is left early goes on in the background until it is cancelled.
Source: https://cloud.google.com/vertex-ai/docs/reference/rpc/google.cloud.aiplatform.v1"""

import asyncio
from collections.abc import AsyncGenerator, Sequence

import anyio
import grpc.aio
from google.api_core.client_options import ClientOptions
from google.api_core.exceptions import GoogleAPICallError
from google.cloud.aiplatform_v1 import PredictionServiceAsyncClient
from google.cloud.aiplatform_v1.types import (
    GenerateContentRequest, GenerateContentResponse, PredictResponse,
)

from .core import (
    ChatAnswer, ChatEvent, ChatQuery, Embeddings, FinishEvent, FinishReason, TextEvent, TokenUsage,
    UsageEvent,
)
from .embedding_batches import EmbeddingBatches
from .gateway_error import GatewayError, provider_error
from .settings import Settings

# Longest life of one call: a long answer of a slow model. The client's own default is none, and
# its retries would send a failed call again for as long.
CALL = {"timeout": 600, "retry": None}
# Texts that text-embedding-005 takes in one call.
TEXTS_LIMIT = 250


class Vertex:
    def __init__(self, settings: Settings) -> None:
        self._client = open_client(settings)
        self._batches = EmbeddingBatches()
        self._models = (
            f"projects/{settings.project}/locations/{settings.location}/publishers/google/models"
        )

    async def stream_chat(self, query: ChatQuery) -> AsyncGenerator[ChatEvent, None]:
        request = self._request(query)
        try:
            call = await self._client.stream_generate_content(request=request, **CALL)
            try:
                while (answer := await next_message(call)) is not grpc.aio.EOF:
                    for event in chat_events(answer):
                        yield event
            finally:
                call.cancel()
        except Exception as error:
            raise translated(error) from error

    async def chat(self, query: ChatQuery) -> ChatAnswer:
        request = self._request(query)
        try:
            answer = await self._client.generate_content(request=request, **CALL)
        except Exception as error:
            raise translated(error) from error
        reason = answer.candidates[0].finish_reason.name if answer.candidates else "OTHER"
        return ChatAnswer(text_of(answer), finish_reason(reason), usage_of(answer) or TokenUsage())

    async def embed(
        self, model: str, texts: Sequence[str], texts_per_call: int | None
    ) -> Embeddings:
        async def embed_batch(batch: Sequence[str]) -> Embeddings:
            try:
                answer = await self._client.predict(
                    endpoint=f"{self._models}/{model}",
                    instances=[{"content": text} for text in batch],
                    **CALL,
                )
            except Exception as error:
                raise translated(error) from error
            return embeddings_of(answer)

        return await self._batches.run(texts, TEXTS_LIMIT, embed_batch, texts_per_call)

    async def close(self) -> None:
        await self._client.transport.close()

    def _request(self, query: ChatQuery) -> GenerateContentRequest:
        system = [{"text": m.content} for m in query.messages if m.role == "system"]
        contents = [
            {"role": "model" if m.role == "assistant" else "user", "parts": [{"text": m.content}]}
            for m in query.messages
            if m.role != "system"
        ]
        return GenerateContentRequest(
            model=f"{self._models}/{query.model}",
            contents=contents,
            system_instruction={"parts": system} if system else None,
            generation_config={
                "max_output_tokens": query.max_tokens,
                "temperature": query.temperature,
                "top_p": query.top_p,
                "stop_sequences": query.stop,
            },
        )


def embeddings_of(answer: PredictResponse) -> Embeddings:
    vectors: list[list[float]] = []
    input_tokens = 0
    # proto-plus would wrap every number anew: half a minute for 250 vectors.
    for prediction in PredictResponse.pb(answer).predictions:
        embeddings = prediction.struct_value.fields["embeddings"].struct_value.fields
        values = embeddings["values"].list_value.values
        vectors.append([value.number_value for value in values])
        statistics = embeddings["statistics"].struct_value.fields
        input_tokens += int(statistics["token_count"].number_value)
    return Embeddings(vectors, input_tokens)


async def next_message(call: grpc.aio.UnaryStreamCall) -> GenerateContentResponse:
    """A read that is cancelled in the middle leaves some 640 bytes of native memory behind for good
    (grpcio 1.85.1). So the call is cancelled instead, and the read ends by itself."""
    read = asyncio.ensure_future(call.read())
    try:
        return await asyncio.shield(read)
    except asyncio.CancelledError:
        call.cancel()
        # Starlette cancels on every turn of the loop until it is obeyed.
        with anyio.CancelScope(shield=True):
            await asyncio.gather(read, return_exceptions=True)
        raise


def open_client(settings: Settings) -> PredictionServiceAsyncClient:
    """A port other than 443 is spoken to without TLS and credentials."""
    host = settings.vertex_endpoint or f"{settings.location}-aiplatform.googleapis.com"
    if settings.vertex_endpoint is None or settings.vertex_port == 443:
        return PredictionServiceAsyncClient(client_options=ClientOptions(api_endpoint=host))
    transport = PredictionServiceAsyncClient.get_transport_class("grpc_asyncio")
    # gRPC takes 4 MiB of one answer unless told otherwise; the client's own channel has no bound.
    options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    channel = grpc.aio.insecure_channel(f"{host}:{settings.vertex_port}", options=options)
    return PredictionServiceAsyncClient(transport=transport(channel=channel))


def chat_events(answer: GenerateContentResponse) -> list[ChatEvent]:
    events: list[ChatEvent] = []
    text = text_of(answer)
    if text:
        events.append(TextEvent(text))
    if answer.candidates and answer.candidates[0].finish_reason:
        events.append(FinishEvent(finish_reason(answer.candidates[0].finish_reason.name)))
    usage = usage_of(answer)
    if usage is not None:
        events.append(UsageEvent(usage))
    return events


def text_of(answer: GenerateContentResponse) -> str:
    parts = answer.candidates[0].content.parts if answer.candidates else ()
    return "".join(part.text for part in parts if not part.thought)


def usage_of(answer: GenerateContentResponse) -> TokenUsage | None:
    """Chunks before the last carry a usage without counts; only the full one counts."""
    usage = answer.usage_metadata
    if not usage.total_token_count:
        return None
    return TokenUsage(usage.prompt_token_count, usage.candidates_token_count)


def finish_reason(name: str) -> FinishReason:
    return {"STOP": "stop", "MAX_TOKENS": "length"}.get(name, "content_filter")


def translated(error: Exception) -> GatewayError:
    if isinstance(error, GatewayError):
        return error
    if isinstance(error, GoogleAPICallError):
        name = error.grpc_status_code.name if error.grpc_status_code else "UNKNOWN"
        return provider_error(int(error.code or 502), name, error.message or name)
    return provider_error(502, "provider_stream_error", f"{type(error).__name__}: {error}")
