"""The models that this gateway offers. Names are the providers' own, so a client can tell at once
where a request goes."""

from dataclasses import dataclass
from typing import Literal

from .gateway_error import GatewayError

ModelKind = Literal["chat", "embedding"]


@dataclass(frozen=True, slots=True)
class Model:
    id: str
    provider: Literal["bedrock", "vertex"]
    kind: ModelKind


MODELS = (
    Model("us.anthropic.claude-sonnet-4-20250514-v1:0", "bedrock", "chat"),
    Model("amazon.nova-lite-v1:0", "bedrock", "chat"),
    Model("amazon.titan-embed-text-v2:0", "bedrock", "embedding"),
    Model("cohere.embed-english-v3", "bedrock", "embedding"),
    Model("cohere.embed-multilingual-v3", "bedrock", "embedding"),
    Model("gemini-2.5-flash", "vertex", "chat"),
    Model("gemini-2.5-pro", "vertex", "chat"),
    Model("text-embedding-005", "vertex", "embedding"),
)


def find_model(model_id: str, kind: ModelKind) -> Model:
    known = {model.id: model for model in MODELS if model.kind == kind}
    if model_id in known:
        return known[model_id]
    raise GatewayError(
        404,
        "model_not_found",
        f'Cannot use model "{model_id}" for {kind}: there is none. Known: {", ".join(known)}.',
    )
