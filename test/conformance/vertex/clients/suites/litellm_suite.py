"""LiteLLM's Vertex AI client: Gemini, Claude, Mistral and Llama, waited for and not, and embeddings."""

import asyncio
import json
import os
from importlib.metadata import version

# Its table of prices is otherwise fetched at import.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm  # noqa: E402
from cells import (  # noqa: E402
    BROKEN, OUTPUT_TOKENS, PROMPT, SCHEMA, THROTTLED, TOOL_PROMPT,
    Cells, check_text, check_tool_input, equal, refusal, setup,
)
from litellm.llms.vertex_ai.vertex_llm_base import VertexBase  # noqa: E402
from vertex import (  # noqa: E402
    CLAUDE, EMBEDDING, GEMINI, LLAMA, LOCATION, MISTRAL, PROJECT, SCOPE, account,
)

litellm.suppress_debug_info = True
# It otherwise asks Hugging Face how Llama counts tokens.
litellm.disable_hf_tokenizer_download = True
TOOLS = [{"type": "function", "function": {"name": "weather", "parameters": SCHEMA}}]
# The cells, the calls they make, the model, and its address without the verb.
ROUTES = [
    ("GenerateContent", "StreamGenerateContent", GEMINI, f"v1/{SCOPE}/publishers/google/models/{GEMINI}"),
    (
        "RawPredict, Claude", "StreamRawPredict, Claude", CLAUDE,
        f"v1/{SCOPE}/publishers/anthropic/models/{CLAUDE}",
    ),
    (
        "RawPredict, Mistral", "StreamRawPredict, Mistral", f"mistralai/{MISTRAL}",
        f"v1/{SCOPE}/publishers/mistralai/models/{MISTRAL}",
    ),
    (
        "ChatCompletions", "ChatCompletions, stream", LLAMA,
        f"v1beta1/{SCOPE}/endpoints/openapi/chat/completions",
    ),
]


class Calls:
    def __init__(self, door):
        self.door = door

    def options(self, model, path):
        return {
            "model": f"vertex_ai/{model}",
            "api_base": f"{self.door['url']}/{path}",
            "vertex_project": PROJECT,
            "vertex_location": LOCATION,
            # Its cache goes by this.
            "vertex_credentials": self.door["token"],
        }

    def asked(self, model, path, text, rest):
        messages = [{"role": "user", "content": text}]
        rest = {"max_tokens": 1000, "num_retries": 0, "timeout": 15, **rest}
        return {**self.options(model, path), "messages": messages, **rest}

    async def ask(self, model, path, text, **rest):
        return await litellm.acompletion(**self.asked(model, path, text, rest))

    def ask_and_wait(self, model, path, text, **rest):
        return litellm.completion(**self.asked(model, path, text, rest))

    async def whole(self, *at):
        for answer in [await self.ask(*at, PROMPT), self.ask_and_wait(*at, PROMPT)]:
            check_text(answer.choices[0].message.content)
            equal(answer.choices[0].finish_reason, "stop")
            equal(answer.usage.completion_tokens, OUTPUT_TOKENS)

    async def tool(self, *at):
        choice = (await self.ask(*at, TOOL_PROMPT, tools=TOOLS)).choices[0]
        equal(choice.message.tool_calls[0].function.name, "weather")
        check_tool_input(json.loads(choice.message.tool_calls[0].function.arguments))
        equal(choice.finish_reason, "tool_calls")

    async def chunks(self, *at, text, **rest):
        return [chunk async for chunk in await self.ask(*at, text, stream=True, **rest)]

    async def stream(self, *at):
        options = {"include_usage": True}
        waited = self.ask_and_wait(*at, PROMPT, stream=True, stream_options=options)
        for chunks in [await self.chunks(*at, text=PROMPT, stream_options=options), list(waited)]:
            texts = [c.choices[0].delta.content for c in chunks if c.choices and c.choices[0].delta.content]
            check_text("".join(texts))
            equal(len(texts), 4)
            reasons = [c.choices[0].finish_reason for c in chunks if c.choices and c.choices[0].finish_reason]
            equal(reasons, ["stop"])
            equal(chunks[-1].usage.completion_tokens, OUTPUT_TOKENS)

    async def stream_tool(self, *at):
        chunks = await self.chunks(*at, text=TOOL_PROMPT, tools=TOOLS)
        calls = [call for c in chunks if c.choices for call in c.choices[0].delta.tool_calls or []]
        equal([c.function.name for c in calls if c.function.name], ["weather"])
        check_tool_input(json.loads("".join(call.function.arguments or "" for call in calls)))

    async def embeddings(self):
        options = self.options(EMBEDDING, f"v1/{SCOPE}/publishers/google/models/{EMBEDDING}")
        given = ["abcd", "efgh"]
        for answer in [
            await litellm.aembedding(**options, input=given),
            litellm.embedding(**options, input=given),
        ]:
            equal([len(one["embedding"]) for one in answer.data], [768, 768])
            equal(answer.usage.prompt_tokens, 2)

    async def throttled(self, *at):
        error = await refusal(lambda: self.ask(*at, THROTTLED))
        equal((isinstance(error, litellm.RateLimitError), error.status_code), (True, 429))

    async def exception(self, *at):
        error = await refusal(lambda: self.chunks(*at, text=BROKEN))
        equal(isinstance(error, litellm.exceptions.MidStreamFallbackError), True)
        equal("Resource exhausted" in str(error), True)


def load_auth(_, credentials, project_id):
    """In place of its own, which reads files alone."""
    return account({"token": credentials}), project_id


async def main():
    VertexBase.load_auth = load_auth
    for door in setup["doors"]:
        calls = Calls(door)
        cells = Cells(setup["client"], version("litellm"), door)
        for whole, streamed, *at in ROUTES:
            served, served_streamed = whole.split(",")[0], streamed.split(",")[0]
            await cells.cell(whole, [served] * 2, lambda: calls.whole(*at))
            await cells.cell(f"{whole}, tool", [served], lambda: calls.tool(*at))
            await cells.cell(streamed, [served_streamed] * 2, lambda: calls.stream(*at))
            await cells.cell(f"{streamed}, tool", [served_streamed], lambda: calls.stream_tool(*at))
        await cells.cell("Predict, embeddings", ["Predict"] * 2, calls.embeddings)
        *_, gemini, path = ROUTES[0]
        await cells.cell("throttled", ["GenerateContent"], lambda: calls.throttled(gemini, path))
        await cells.cell("exception", ["StreamGenerateContent"], lambda: calls.exception(gemini, path))


asyncio.run(main())
