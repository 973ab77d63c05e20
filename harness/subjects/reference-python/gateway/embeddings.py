"""POST /api/v1/embeddings, with as many provider calls as the batch needs.
Source: https://platform.openai.com/docs/api-reference/embeddings"""

import orjson
from starlette.requests import Request
from starlette.responses import Response

from .billable import accepted, while_connected
from .core import TokenUsage
from .models import find_model
from .request_body import EmbeddingBody


async def embeddings(request: Request, body: EmbeddingBody) -> Response:
    model = find_model(body.model, "embedding")
    texts = body.texts
    async with accepted(request, model, "\n".join(texts)) as billable:
        work = billable.adapter.embed(model.id, texts)
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
