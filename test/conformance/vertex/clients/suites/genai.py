"""google-genai in its Vertex mode: every call waited for and not, and the Live API."""

import asyncio
import warnings
from importlib.metadata import version

warnings.simplefilter("ignore")

from cells import (  # noqa: E402
    BROKEN, OUTPUT_TOKENS, PROMPT, THROTTLED, TOOL_PROMPT,
    Cells, check_text, equal, refusal, setup,
)
from google import genai  # noqa: E402
from google.genai import errors, types  # noqa: E402
from vertex import (  # noqa: E402
    BLOCKED, CACHE_CALLS, EMBEDDING, EMBEDDING_2, GEMINI, LIVE, LOCATION, PROJECT, VEO,
    account, items_of, settled,
)

WEATHER = types.Tool(function_declarations=[types.FunctionDeclaration(name="weather")])
NO_CALLS = types.AutomaticFunctionCallingConfig(disable=True)
TOOLS = types.GenerateContentConfig(tools=[WEATHER], automatic_function_calling=NO_CALLS)


class Calls:
    """`api` is the client, or its `aio`: the same calls, waited for by asyncio."""

    def __init__(self, api):
        self.api = api

    async def generate(self, text, **rest):
        return await settled(self.api.models.generate_content(model=GEMINI, contents=text, **rest))

    async def streamed(self, text, **rest):
        stream = self.api.models.generate_content_stream(model=GEMINI, contents=text, **rest)
        return await items_of(stream)

    async def whole(self):
        answer = await self.generate(PROMPT)
        check_text(answer.text)
        equal(answer.candidates[0].finish_reason.name, "STOP")
        equal(answer.usage_metadata.candidates_token_count, OUTPUT_TOKENS)

    async def tool(self):
        answer = await self.generate(TOOL_PROMPT, config=TOOLS)
        equal([call.name for call in answer.function_calls], ["weather"])

    async def stream(self):
        chunks = await self.streamed(PROMPT)
        check_text("".join(chunk.text or "" for chunk in chunks))
        equal(len(chunks), 5)
        equal(chunks[-1].usage_metadata.candidates_token_count, OUTPUT_TOKENS)

    async def stream_tool(self):
        chunks = await self.streamed(TOOL_PROMPT, config=TOOLS)
        calls = [call for chunk in chunks for call in chunk.function_calls or []]
        equal([call.name for call in calls], ["weather"])

    async def blocked(self):
        [answer] = await self.streamed(BLOCKED)
        equal(answer.prompt_feedback.block_reason.name, "MODEL_ARMOR")

    async def count(self):
        counted = await settled(self.api.models.count_tokens(model=GEMINI, contents="abcdefgh"))
        equal(counted.total_tokens, 2)

    async def compute(self):
        answer = await settled(self.api.models.compute_tokens(model=GEMINI, contents="abcdefgh"))
        equal(len(answer.tokens_info[0].token_ids), 2)

    async def embed(self, model, **rest):
        config = types.EmbedContentConfig(output_dimensionality=3)
        call = self.api.models.embed_content(model=model, config=config, **rest)
        return [len(one.values) for one in (await settled(call)).embeddings]

    async def embeddings(self):
        equal(await self.embed(EMBEDDING, contents=["a", "b"]), [3, 3])

    async def embed_content(self):
        equal(await self.embed(EMBEDDING_2, contents="a"), [3])

    async def cached(self):
        caches = self.api.caches
        config = types.CreateCachedContentConfig(contents="x" * 4000, ttl="60s")
        made = await settled(caches.create(model=GEMINI, config=config))
        found = await settled(caches.get(name=made.name))
        equal(found.usage_metadata.total_token_count, 1000)
        asked = types.GenerateContentConfig(cached_content=made.name)
        answer = await self.generate("abcd", config=asked)
        equal(answer.usage_metadata.cached_content_token_count, 1000)
        longer = types.UpdateCachedContentConfig(ttl="7200s")
        await settled(caches.update(name=made.name, config=longer))
        listed = await items_of(caches.list())
        equal(made.name in [one.name for one in listed], True)
        await settled(caches.delete(name=made.name))

        async def ask_again():
            await settled(caches.get(name=made.name))

        equal((await refusal(ask_again)).code, 404)

    async def video(self):
        source = types.GenerateVideosSource(prompt="[[leakbed polls=2]]")
        operation = await settled(self.api.models.generate_videos(model=VEO, source=source))
        for _ in range(2):
            operation = await settled(self.api.operations.get(operation))
        equal(operation.done, True)
        equal(operation.response.generated_videos[0].video.mime_type, "video/mp4")

    async def garden(self):
        model = await settled(self.api.models.get(model=GEMINI))
        equal(model.name, f"publishers/google/models/{GEMINI}")

    async def throttled(self):
        error = await refusal(lambda: self.generate(THROTTLED))
        equal((type(error), error.code), (errors.ClientError, 429))

    async def exception(self):
        error = await refusal(lambda: self.streamed(BROKEN))
        equal((type(error), error.code), (errors.ClientError, 429))


TABLE = [
    ("GenerateContent", ["GenerateContent"], Calls.whole),
    ("GenerateContent, tool", ["GenerateContent"], Calls.tool),
    ("StreamGenerateContent", ["StreamGenerateContent"], Calls.stream),
    ("StreamGenerateContent, tool", ["StreamGenerateContent"], Calls.stream_tool),
    ("blocked prompt", ["StreamGenerateContent"], Calls.blocked),
    ("CountTokens", ["CountTokens"], Calls.count),
    ("ComputeTokens", ["ComputeTokens"], Calls.compute),
    ("Predict, embeddings", ["Predict"], Calls.embeddings),
    ("EmbedContent", ["EmbedContent"], Calls.embed_content),
    ("cached contents", CACHE_CALLS, Calls.cached),
    ("PredictLongRunning", ["PredictLongRunning"] + ["FetchPredictOperation"] * 2, Calls.video),
    ("model garden", ["GetPublisherModel"], Calls.garden),
    ("throttled", ["GenerateContent"], Calls.throttled),
    ("exception", ["StreamGenerateContent"], Calls.exception),
]


def live_config(modality="TEXT", **rest):
    return types.LiveConnectConfig(response_modalities=[modality], **rest)


async def parts_of(session):
    """Of one turn, to its end."""
    return [
        part
        async for message in session.receive()
        if message.server_content and message.server_content.model_turn
        for part in message.server_content.model_turn.parts
    ]


async def live_text(aio):
    async with aio.live.connect(model=LIVE, config=live_config()) as session:
        await session.send_client_content(turns=types.Content(role="user", parts=[types.Part(text=PROMPT)]))
        parts = await parts_of(session)
        check_text("".join(part.text for part in parts))
        equal(len(parts), 4)


async def live_sound(aio):
    config = live_config("AUDIO", system_instruction="[[leakbed chunks=2 bytes=9600]]")
    async with aio.live.connect(model=LIVE, config=config) as session:
        for data in [bytes([0, 40]) * 1600, bytes(32_000)]:
            audio = types.Blob(data=data, mime_type="audio/pcm;rate=16000")
            await session.send_realtime_input(audio=audio)
        equal([len(part.inline_data.data) for part in await parts_of(session)], [9600, 9600])


async def live_tool(aio):
    async with aio.live.connect(model=LIVE, config=live_config(tools=[WEATHER])) as session:
        text = types.Part(text="[[leakbed chunks=1 tool=1]]")
        await session.send_client_content(turns=types.Content(role="user", parts=[text]))
        call = None
        while call is None:
            message = await anext(session.receive())
            if message.tool_call:
                [call] = message.tool_call.function_calls
        equal(call.name, "weather")
        note = {"note": "[[leakbed chunks=1]]"}
        response = types.FunctionResponse(id=call.id, name=call.name, response=note)
        await session.send_tool_response(function_responses=[response])
        equal(len(await parts_of(session)), 1)


OPENED = ["LiveConnect", "LiveSetup", "LiveTurn"]
LIVE_TABLE = [
    ("Live", OPENED, live_text),
    ("Live, sound", OPENED, live_sound),
    ("Live, tool", [*OPENED, "LiveTurn"], live_tool),
]


async def main():
    for door in setup["doors"]:
        client = genai.Client(
            vertexai=True,
            project=PROJECT,
            location=LOCATION,
            credentials=account(door),
            http_options=types.HttpOptions(base_url=door["url"]),
        )
        for name, api in {"sync": client, "async": client.aio}.items():
            cells = Cells(f"{setup['client']}, {name}", version("google-genai"), door)
            calls = Calls(api)
            for operation, served, check in TABLE:
                await cells.cell(operation, served, lambda: check(calls))
            if api is client:
                for operation, *_ in LIVE_TABLE:
                    cells.absent(operation, "the client that blocks has no Live API")
                continue
            for operation, served, check in LIVE_TABLE:
                await cells.cell(operation, served, lambda: check(api))


asyncio.run(main())
