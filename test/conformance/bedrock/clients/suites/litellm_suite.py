"""LiteLLM's Bedrock client: its two routes, `bedrock/converse/` and `bedrock/invoke/`, waited for
and not, and embeddings."""

import asyncio
import json
import os
from importlib.metadata import version

# Its table of prices is otherwise fetched at import.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm  # noqa: E402
from bedrock import ARN, CLAUDE  # noqa: E402
from cells import (  # noqa: E402
    BROKEN, OUTPUT_TOKENS, PROMPT, SCHEMA, THROTTLED, TOOL_PROMPT,
    Cells, check_text, check_tool_input, equal, refusal, setup,
)

litellm.suppress_debug_info = True
TOOLS = [{"type": "function", "function": {"name": "weather", "parameters": SCHEMA}}]
ROUTES = {
    "converse": ("Converse", "ConverseStream"),
    "invoke": ("InvokeModel", "InvokeModelWithResponseStream"),
}
ABSENT = ["InvokeModelWithBidirectionalStream", "CountTokens", "ApplyGuardrail"]


class Calls:
    def __init__(self, door):
        self.door = door

    def options(self, model, secret=None):
        return {
            "model": f"bedrock/{model}",
            "aws_bedrock_runtime_endpoint": self.door["url"],
            "aws_region_name": "us-east-1",
            "aws_access_key_id": self.door["accessKeyId"],
            "aws_secret_access_key": secret or self.door["secretAccessKey"],
        }

    async def ask(self, model, text, secret=None, **rest):
        messages = [{"role": "user", "content": text}]
        rest = {"max_tokens": 1000, "num_retries": 0, "timeout": 15, **rest}
        return await litellm.acompletion(**self.options(model, secret), messages=messages, **rest)

    def ask_and_wait(self, model, text, **rest):
        messages = [{"role": "user", "content": text}]
        rest = {"max_tokens": 1000, "num_retries": 0, "timeout": 15, **rest}
        return litellm.completion(**self.options(model), messages=messages, **rest)

    async def whole(self, model):
        for answer in [await self.ask(model, PROMPT), self.ask_and_wait(model, PROMPT)]:
            check_text(answer.choices[0].message.content)
            equal(answer.choices[0].finish_reason, "stop")
            equal(answer.usage.completion_tokens, OUTPUT_TOKENS)

    async def tool(self, model):
        choice = (await self.ask(model, TOOL_PROMPT, tools=TOOLS)).choices[0]
        equal(choice.message.tool_calls[0].function.name, "weather")
        check_tool_input(json.loads(choice.message.tool_calls[0].function.arguments))
        equal(choice.finish_reason, "tool_calls")

    async def chunks(self, model, text, **rest):
        stream = await self.ask(model, text, stream=True, **rest)
        return [chunk async for chunk in stream]

    async def stream(self, model):
        options = {"include_usage": True}
        waited = self.ask_and_wait(model, PROMPT, stream=True, stream_options=options)
        for chunks in [await self.chunks(model, PROMPT, stream_options=options), list(waited)]:
            texts = [c.choices[0].delta.content for c in chunks if c.choices and c.choices[0].delta.content]
            check_text("".join(texts))
            equal(len(texts), 4)
            reasons = [c.choices[0].finish_reason for c in chunks if c.choices and c.choices[0].finish_reason]
            equal(reasons, ["stop"])
            equal(chunks[-1].usage.completion_tokens, OUTPUT_TOKENS)

    async def stream_tool(self, model):
        chunks = await self.chunks(model, TOOL_PROMPT, tools=TOOLS)
        calls = [call for c in chunks if c.choices for call in c.choices[0].delta.tool_calls or []]
        equal([c.function.name for c in calls if c.function.name], ["weather"])
        check_tool_input(json.loads("".join(call.function.arguments or "" for call in calls)))

    async def arn(self):
        answer = await self.ask(f"converse/{ARN}", PROMPT)
        check_text(answer.choices[0].message.content)

    async def throttled(self):
        error = await refusal(lambda: self.ask(f"converse/{CLAUDE}", THROTTLED))
        equal(isinstance(error, litellm.RateLimitError), True)
        equal(error.status_code, 429)

    async def exception(self, route):
        error = await refusal(lambda: self.chunks(f"{route}/{CLAUDE}", BROKEN))
        if "throttlingException" not in str(error):
            raise AssertionError(f"{type(error).__name__}: {error}")

    async def wrong_key(self):
        def ask():
            return self.ask(f"converse/{CLAUDE}", PROMPT, "wrong")

        if self.door["verifies"]:
            error = await refusal(ask)
            equal("signature" in str(error), True)
        else:
            await ask()

    async def embeddings(self):
        for model, given in [("amazon.titan-embed-text-v2:0", ["One"]), ("cohere.embed-english-v3", ["One", "Two"])]:
            answer = await litellm.aembedding(**self.options(model), input=given)
            equal([len(one["embedding"]) for one in answer.data], [1024] * len(given))


async def main():
    for door in setup["doors"]:
        calls = Calls(door)
        cells = Cells(setup["client"], version("litellm"), door)
        for route, (whole, streamed) in ROUTES.items():
            model = f"{route}/{CLAUDE}"
            await cells.cell(whole, [whole] * 2, lambda: calls.whole(model))
            await cells.cell(f"{whole}, tool", [whole], lambda: calls.tool(model))
            await cells.cell(streamed, [streamed] * 2, lambda: calls.stream(model))
            await cells.cell(f"{streamed}, tool", [streamed], lambda: calls.stream_tool(model))
        await cells.cell("ARN", ["Converse"], calls.arn)
        await cells.cell("throttled", ["Converse"], calls.throttled)
        await cells.cell("exception", ["ConverseStream"], lambda: calls.exception("converse"))
        streamed = ROUTES["invoke"][1]
        await cells.cell("exception, invoke", [streamed], lambda: calls.exception("invoke"))
        await cells.cell("wrong key", ["Converse"], calls.wrong_key)
        await cells.cell("embeddings", ["InvokeModel"] * 2, calls.embeddings)
        for operation in ABSENT:
            cells.absent(operation, "the library has no such call; its proxy server may")


asyncio.run(main())
