"""Amazon Bedrock through aioboto3, a session per request: what a request opened is closed with it,
connections included, and credentials are always fresh. Sessions share what is the same for all of
them, the service models and botocore's own handlers: anew, they hold the event loop for 45 ms.
Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html"""

import copy
from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager

import aioboto3
import orjson
from aiobotocore.config import AioConfig
from aiobotocore.hooks import AioHierarchicalEmitter
from aiobotocore.session import AioSession
from botocore.exceptions import ClientError

from .bedrock_embedding import bedrock_embedding
from .core import (
    ChatAnswer, ChatEvent, ChatQuery, Embeddings, FinishEvent, FinishReason, TextEvent, TokenUsage,
    UsageEvent,
)
from .embedding_batches import EmbeddingBatches
from .gateway_error import GatewayError, provider_error
from .leak_sockets import LeakSockets
from .settings import Settings

# Silence of the provider that is waited for: a slow model's long thought. One more try, within a
# second: a third would keep the caller for up to three, who tries again anyway.
CONFIG = AioConfig(
    read_timeout=600, connect_timeout=10, retries={"mode": "standard", "total_max_attempts": 2}
)
# Statuses of exceptions that arrive inside a stream, where no HTTP status comes with them.
STREAM_STATUSES = {
    "throttlingException": 429,
    "validationException": 400,
    "serviceUnavailableException": 503,
    "modelTimeoutException": 504,
}


class Bedrock:
    def __init__(self, settings: Settings, leak_sockets: LeakSockets) -> None:
        self._options = {"region_name": settings.aws_region, "config": CONFIG}
        if settings.is_bedrock_plain:
            # aiobotocore would read the CA bundle for every session, TLS or not: 25 ms.
            self._options["verify"] = False
        if settings.uses_dummy_credentials:
            self._options |= {"aws_access_key_id": "leakbed", "aws_secret_access_key": "leakbed"}
        self._handlers = AioHierarchicalEmitter()
        self._loader = AioSession(event_hooks=self._handlers).get_component("data_loader")
        self._leak_sockets = leak_sockets
        self._batches = EmbeddingBatches()

    def _client(self) -> AbstractAsyncContextManager:
        core = AioSession(event_hooks=copy.copy(self._handlers), include_builtin_handlers=False)
        core.register_component("data_loader", self._loader)
        session = aioboto3.Session(botocore_session=core)
        # Each session adds boto3's folder to those of the loader: 150 B a request, for good.
        self._loader.search_paths.pop()
        client = session.client("bedrock-runtime", **self._options)
        return self._leak_sockets.session(client)

    async def stream_chat(self, query: ChatQuery) -> AsyncGenerator[ChatEvent, None]:
        try:
            async with self._client() as client:
                answer = await client.converse_stream(**converse_input(query))
                stream = answer["stream"]
                try:
                    async for output in stream:
                        event = chat_event(output)
                        if event is not None:
                            yield event
                finally:
                    # A stream that was not read to its end keeps its connection otherwise.
                    stream.close()
        except Exception as error:
            raise translated(error) from error

    async def chat(self, query: ChatQuery) -> ChatAnswer:
        try:
            async with self._client() as client:
                answer = await client.converse(**converse_input(query))
        except Exception as error:
            raise translated(error) from error
        blocks = answer["output"]["message"]["content"]
        return ChatAnswer(
            text="".join(block.get("text", "") for block in blocks),
            reason=finish_reason(answer["stopReason"]),
            usage=usage_of(answer["usage"]),
        )

    async def embed(
        self, model: str, texts: Sequence[str], texts_per_call: int | None
    ) -> Embeddings:
        try:
            async with self._client() as client:

                async def invoke(body: dict) -> dict:
                    asked = {"contentType": "application/json", "accept": "application/json"}
                    answer = await client.invoke_model(
                        modelId=model, body=orjson.dumps(body), **asked
                    )
                    async with answer["body"] as stream:
                        return orjson.loads(await stream.read())

                return await bedrock_embedding(
                    model, texts, invoke, self._batches, texts_per_call
                )
        except Exception as error:
            raise translated(error) from error

    async def close(self) -> None:
        """Nothing outlives its request."""


def chat_event(output: dict) -> ChatEvent | None:
    text = output.get("contentBlockDelta", {}).get("delta", {}).get("text")
    if text is not None:
        return TextEvent(text)
    if "messageStop" in output:
        return FinishEvent(finish_reason(output["messageStop"]["stopReason"]))
    if "metadata" in output:
        return UsageEvent(usage_of(output["metadata"].get("usage", {})))
    return None


def converse_input(query: ChatQuery) -> dict:
    system = [{"text": m.content} for m in query.messages if m.role == "system"]
    messages = [
        {"role": m.role, "content": [{"text": m.content}]}
        for m in query.messages
        if m.role != "system"
    ]
    inference = {
        "maxTokens": query.max_tokens,
        "temperature": query.temperature,
        "topP": query.top_p,
        "stopSequences": query.stop,
    }
    return {
        "modelId": query.model,
        "messages": messages,
        "inferenceConfig": {name: value for name, value in inference.items() if value is not None},
        **({"system": system} if system else {}),
    }


def finish_reason(reason: str) -> FinishReason:
    if reason in ("max_tokens", "model_context_window_exceeded"):
        return "length"
    return "content_filter" if reason in ("guardrail_intervened", "content_filtered") else "stop"


def usage_of(usage: dict) -> TokenUsage:
    return TokenUsage(usage.get("inputTokens", 0), usage.get("outputTokens", 0))


def translated(error: Exception) -> GatewayError:
    if isinstance(error, GatewayError):
        return error
    if isinstance(error, ClientError):
        told = error.response.get("Error", {})
        code, message = told.get("Code", "Unknown"), told.get("Message", str(error))
        sent = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        status = STREAM_STATUSES.get(code) or sent or 502
        return provider_error(status, code[:1].upper() + code[1:], message)
    return provider_error(502, "provider_stream_error", f"{type(error).__name__}: {error}")
