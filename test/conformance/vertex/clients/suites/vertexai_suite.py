"""The `vertexai` package of google-cloud-aiplatform: its generative models, waited for and not, and
text embeddings. It takes no channel, so over gRPC it insists on TLS."""

import asyncio
import warnings
from importlib.metadata import version
from urllib.parse import urlsplit

warnings.simplefilter("ignore")

import google.api_core.exceptions as google_errors  # noqa: E402
import vertexai  # noqa: E402
from cells import (  # noqa: E402
    BROKEN, OUTPUT_TOKENS, PROMPT, SCHEMA, THROTTLED, TOOL_PROMPT,
    Cells, check_text, check_tool_input, equal, refusal, setup,
)
from vertex import BLOCKED, EMBEDDING, GEMINI, LOCATION, PROJECT, account  # noqa: E402
from vertexai.generative_models import (  # noqa: E402
    FunctionDeclaration, GenerativeModel, Tool,
)
from vertexai.language_models import TextEmbeddingModel  # noqa: E402

TOOLS = [Tool([FunctionDeclaration(name="weather", parameters=SCHEMA)])]


class Calls:
    """Each call is made twice over gRPC, waited for and not; REST is only waited for."""

    def __init__(self, transport):
        self.model = GenerativeModel(GEMINI)
        self.is_async = transport == "grpc"

    async def answers(self, text, **rest):
        found = [self.model.generate_content(text, **rest)]
        if self.is_async:
            found.append(await self.model.generate_content_async(text, **rest))
        return found

    async def streams(self, text, **rest):
        found = [list(self.model.generate_content(text, stream=True, **rest))]
        if self.is_async:
            stream = await self.model.generate_content_async(text, stream=True, **rest)
            found.append([chunk async for chunk in stream])
        return found

    async def whole(self):
        for answer in await self.answers(PROMPT):
            check_text(answer.text)
            equal(answer.usage_metadata.candidates_token_count, OUTPUT_TOKENS)

    async def tool(self):
        for answer in await self.answers(TOOL_PROMPT, tools=TOOLS):
            [call] = answer.candidates[0].function_calls
            equal(call.name, "weather")
            check_tool_input(call.args)

    async def stream(self):
        for chunks in await self.streams(PROMPT):
            check_text("".join(chunk.text for chunk in chunks))
            equal(len(chunks), 5)
            equal(chunks[-1].candidates[0].finish_reason.name, "STOP")

    async def stream_tool(self):
        for chunks in await self.streams(TOOL_PROMPT, tools=TOOLS):
            calls = [call for chunk in chunks for call in chunk.candidates[0].function_calls]
            equal([call.name for call in calls], ["weather"])

    async def blocked(self):
        for [answer] in await self.streams(BLOCKED):
            equal(answer.prompt_feedback.block_reason.name, "MODEL_ARMOR")

    async def count(self):
        equal(self.model.count_tokens("abcdefgh").total_tokens, 2)

    async def compute(self):
        equal(list(self.model.compute_tokens("abcdefgh").tokens_info[0].tokens), [b"abcd", b"efgh"])

    async def embeddings(self):
        [one] = TextEmbeddingModel.from_pretrained(EMBEDDING).get_embeddings(
            ["a"], output_dimensionality=3
        )
        equal((len(one.values), one.statistics.token_count), (3, 1))

    async def throttled(self):
        equal(type(await refusal(lambda: self.answers(THROTTLED))), google_errors.ResourceExhausted)

    async def throttled_over_rest(self):
        # The class that HTTP's 429 has, where gRPC's is narrower.
        equal(type(await refusal(lambda: self.answers(THROTTLED))), google_errors.TooManyRequests)

    async def exception(self):
        error = await refusal(lambda: self.streams(BROKEN))
        equal(type(error), google_errors.ResourceExhausted)

    async def exception_over_rest(self):
        # The error arrives as one more message, without candidates.
        [chunks] = await self.streams(BROKEN)
        equal((len(chunks), len(chunks[3].candidates)), (4, 0))


async def visit(cells, transport):
    calls = Calls(transport)
    times = 2 if calls.is_async else 1
    whole, streamed = ["GenerateContent"] * times, ["StreamGenerateContent"] * times
    await cells.cell("GenerateContent", whole, calls.whole)
    await cells.cell("GenerateContent, tool", whole, calls.tool)
    await cells.cell("StreamGenerateContent", streamed, calls.stream)
    await cells.cell("StreamGenerateContent, tool", streamed, calls.stream_tool)
    await cells.cell("blocked prompt", streamed, calls.blocked)
    await cells.cell("CountTokens", ["CountTokens"], calls.count)
    await cells.cell("ComputeTokens", ["ComputeTokens"], calls.compute)
    await cells.cell("Predict, embeddings", ["GetPublisherModel", "Predict"], calls.embeddings)
    is_rest = transport == "rest"
    throttled = calls.throttled_over_rest if is_rest else calls.throttled
    exception = calls.exception_over_rest if is_rest else calls.exception
    await cells.cell("throttled", ["GenerateContent"], throttled)
    await cells.cell("exception", ["StreamGenerateContent"], exception)


async def main():
    for transport, name in {"grpc": "gRPC", "rest": "REST"}.items():
        for door in setup["doors"]:
            url = urlsplit(door["url"])
            if transport == "grpc" and url.scheme == "http":
                continue
            vertexai.init(
                project=PROJECT,
                location=LOCATION,
                credentials=account(door),
                api_transport=transport,
                api_endpoint=door["url"] if transport == "rest" else url.netloc,
            )
            row = f"{setup['client']}, {name}"
            await visit(Cells(row, version("google-cloud-aiplatform"), door), transport)


asyncio.run(main())
