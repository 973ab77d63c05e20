"""The two families of embedding models on Bedrock: Titan takes one text a call, Cohere 96.
Source: https://docs.aws.amazon.com/bedrock/latest/userguide/titan-embedding-models.html and
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed.html"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from .core import Embeddings, estimated_tokens
from .embedding_batches import EmbeddingBatches
from .gateway_error import provider_error

Invoke = Callable[[dict], Awaitable[dict]]

# Titan calls in flight at once for one request: each one is a connection of its own.
TITAN_PARALLEL = 8
COHERE_TEXTS = 96


async def bedrock_embedding(
    model: str,
    texts: Sequence[str],
    invoke: Invoke,
    batches: EmbeddingBatches,
    texts_per_call: int | None,
) -> Embeddings:
    family, limit = (
        (titan, TITAN_PARALLEL) if model.startswith("amazon.titan") else (cohere, COHERE_TEXTS)
    )

    async def embed(batch: Sequence[str]) -> Embeddings:
        return await family(batch, invoke)

    try:
        return await batches.run(texts, limit, embed, texts_per_call)
    except (KeyError, TypeError) as error:
        message = "Cannot read the embedding: it holds no vector."
        raise provider_error(502, "provider_malformed", message) from error


async def titan(texts: Sequence[str], invoke: Invoke) -> Embeddings:
    async with asyncio.TaskGroup() as group:
        calls = [group.create_task(invoke({"inputText": text})) for text in texts]
    answers = [call.result() for call in calls]
    return Embeddings(
        vectors=[answer["embedding"] for answer in answers],
        input_tokens=sum(answer.get("inputTextTokenCount", 0) for answer in answers),
    )


async def cohere(texts: Sequence[str], invoke: Invoke) -> Embeddings:
    """Cohere's body carries no token count."""
    body = {"texts": list(texts), "input_type": "search_document", "truncate": "END"}
    answer = await invoke(body)
    return Embeddings(answer["embeddings"], estimated_tokens(sum(map(len, texts))))
