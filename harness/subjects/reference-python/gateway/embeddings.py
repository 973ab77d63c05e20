"""POST /api/v1/embeddings, with as many provider calls as the batch needs.
Source: https://platform.openai.com/docs/api-reference/embeddings"""

import orjson
from starlette.requests import Request
from starlette.responses import Response

from .billable import accepted, while_connected
from .core import TokenUsage
from .gateway_error import GatewayError
from .models import find_model
from .request_body import EmbeddingBody


async def embeddings(request: Request, body: EmbeddingBody) -> Response:
    model = find_model(body.model, "embedding")
    texts = body.texts
    async with accepted(request, model, "\n".join(texts)) as billable:
        texts_per_call = texts_per_call_of(request) or request.state.services.texts_per_call
        work = billable.adapter.embed(model.id, texts, texts_per_call)
        answer = await while_connected(request, work)
        billable.reservation.bill(TokenUsage(answer.input_tokens))
    count = answer.input_tokens
    body_out = {
        "object": "list",
        "model": model.id,
        "data": [
            {"object": "embedding", "index": index, "embedding": vector}
            for index, vector in enumerate(answer.vectors)
        ],
        "usage": {"prompt_tokens": count, "total_tokens": count},
    }
    # Straight to bytes: FastAPI's own encoder would copy every vector first.
    return Response(orjson.dumps(body_out), media_type="application/json")


def texts_per_call_of(request: Request) -> int | None:
    """A client may fix the size of the batches for its request."""
    given = request.headers.get("x-texts-per-call")
    if given is None:
        return None
    if given.isascii() and given.isdigit() and int(given) >= 1:
        return int(given)
    message = f"Cannot accept x-texts-per-call: {given}: it must be a whole number from 1."
    raise GatewayError(400, "invalid_texts_per_call", message)
