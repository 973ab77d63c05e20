"""What the suites in Python ask the fake Vertex AI for."""

import inspect

from google.oauth2.credentials import Credentials

PROJECT = "p"
LOCATION = "us-central1"
SCOPE = f"projects/{PROJECT}/locations/{LOCATION}"
GEMINI = "gemini-2.5-flash"
CLAUDE = "claude-sonnet-4-5@20250929"
MISTRAL = "mistral-medium-3"
LLAMA = "meta/llama-3.3-70b-instruct-maas"
EMBEDDING = "text-embedding-005"
EMBEDDING_2 = "gemini-embedding-2-preview"
VEO = "veo-3.0-generate-001"
LIVE = "gemini-2.0-flash-live"
BLOCKED = "[[leakbed stop=guardrail]]"
# What is served while a cache is made, used, changed, listed and deleted.
CACHE_CALLS = [
    "CreateCachedContent", "GetCachedContent", "GenerateContent", "UpdateCachedContent",
    "ListCachedContents", "DeleteCachedContent", "GetCachedContent",
]


def account(door):
    """Its token never expires, so that nobody is asked for one."""
    return Credentials(token=door["token"])


def model_name(model, publisher="google"):
    return f"{SCOPE}/publishers/{publisher}/models/{model}"


async def settled(value):
    return await value if inspect.isawaitable(value) else value


async def items_of(stream):
    """Of a list, a generator or an asynchronous one."""
    stream = await settled(stream)
    if hasattr(stream, "__aiter__"):
        return [item async for item in stream]
    return list(stream)
