"""The two families of embedding models on Bedrock: Titan takes one text a call, Cohere 96.
Source: https://docs.aws.amazon.com/bedrock/latest/userguide/titan-embedding-models.html and
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed.html"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from .core import Embeddings, estimated_tokens, in_batches
from .gateway_error import provider_error

Invoke = Callable[[dict], Awaitable[dict]]

# Titan calls in flight at once for one request: each one is a connection of its own.
TITAN_PARALLEL = 8
COHERE_TEXTS = 96


async def bedrock_embedding(model: str, texts: Sequence[str], invoke: Invoke) -> Embeddings:
    family = titan if model.startswith("amazon.titan") else cohere
    try:
        return await family(texts, invoke)
    except (KeyError, TypeError) as error:
        message = "Cannot read the embedding: it holds no vector."
        raise provider_error(502, "provider_malformed", message) from error


async def titan(texts: Sequence[str], invoke: Invoke) -> Embeddings:
    vectors, input_tokens = [], 0
    for batch in in_batches(texts, TITAN_PARALLEL):
        async with asyncio.TaskGroup() as group:
            calls = [group.create_task(invoke({"inputText": text})) for text in batch]
        answers = [call.result() for call in calls]
        vectors += [answer["embedding"] for answer in answers]
        input_tokens += sum(answer.get("inputTextTokenCount", 0) for answer in answers)
    return Embeddings(vectors, input_tokens)


async def cohere(texts: Sequence[str], invoke: Invoke) -> Embeddings:
    """Cohere's body carries no token count."""
    vectors: list[list[float]] = []
    for batch in in_batches(texts, COHERE_TEXTS):
        body = {"texts": list(batch), "input_type": "search_document", "truncate": "END"}
        vectors += (await invoke(body))["embeddings"]
    return Embeddings(vectors, estimated_tokens(sum(map(len, texts))))
