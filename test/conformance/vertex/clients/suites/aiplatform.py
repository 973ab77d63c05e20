"""google-cloud-aiplatform's generated clients: every call they have for what the fake serves, in both
API versions, over gRPC, gRPC with asyncio, and REST."""

import asyncio
import json
from importlib.metadata import version
from urllib.parse import urlsplit

import google.api_core.exceptions as google_errors
import grpc
from cells import (
    BROKEN, OUTPUT_TOKENS, PROMPT, SCHEMA, THROTTLED, TOOL_PROMPT,
    Cells, check_text, check_tool_input, equal, refusal, setup,
)
from google.cloud import aiplatform_v1, aiplatform_v1beta1
from google.protobuf import json_format, struct_pb2
from vertex import (
    BLOCKED, CACHE_CALLS, CLAUDE, EMBEDDING, EMBEDDING_2, GEMINI, LLAMA, MISTRAL, SCOPE,
    account, items_of, model_name, settled,
)

APIS = {"v1": aiplatform_v1, "v1beta1": aiplatform_v1beta1}
ENDPOINT = f"{SCOPE}/endpoints/123"
TOOLS = [{"function_declarations": [{"name": "weather", "parameters": {
    "type_": "OBJECT", "properties": {"city": {"type_": "STRING"}}, "required": SCHEMA["required"],
}}]}]
CLAUDE_BODY = {
    "anthropic_version": "vertex-2023-10-16",
    "max_tokens": 1000,
    "messages": [{"role": "user", "content": PROMPT}],
}


def user(text):
    return [{"role": "user", "parts": [{"text": text}]}]


def value_of(plain):
    return json_format.ParseDict(plain, struct_pb2.Value())


def http_body(body):
    return {"content_type": "application/json", "data": json.dumps(body).encode()}


def tensor(text):
    return {"dtype": "STRING", "shape": [1], "string_val": [text]}


def client_of(service, transport, door):
    """By a channel of our own where gRPC is to go without TLS; by the address everywhere else."""
    url = urlsplit(door["url"])
    if transport == "rest":
        options = {"api_endpoint": door["url"]}
        return service(transport="rest", credentials=account(door), client_options=options)
    if url.scheme == "https":
        options = {"api_endpoint": url.netloc}
        return service(transport=transport, credentials=account(door), client_options=options)
    open_channel = grpc.insecure_channel if transport == "grpc" else grpc.aio.insecure_channel
    return service(transport=service.get_transport_class(transport)(channel=open_channel(url.netloc)))


class Calls:
    """One API version over one transport. Each method is a cell, named in `TABLE`."""

    def __init__(self, api, api_version, transport, door):
        suffix = "AsyncClient" if transport == "grpc_asyncio" else "Client"
        self.api, self.api_version, self.transport = api, api_version, transport

        def client(service):
            return client_of(getattr(api, f"{service}{suffix}"), transport, door)

        self.prediction = client("PredictionService")
        self.tokens = client("LlmUtilityService")
        self.caches = client("GenAiCacheService")

    async def generate(self, text=PROMPT, **rest):
        asked = {"model": model_name(GEMINI), "contents": user(text), **rest}
        return await settled(self.prediction.generate_content(request=asked))

    async def streamed(self, text=PROMPT, into=None, **rest):
        asked = {"model": model_name(GEMINI), "contents": user(text), **rest}
        stream = await settled(self.prediction.stream_generate_content(request=asked))
        chunks = [] if into is None else into
        if hasattr(stream, "__aiter__"):
            async for chunk in stream:
                chunks.append(chunk)
        else:
            for chunk in stream:
                chunks.append(chunk)
        return chunks

    async def whole(self):
        answer = await self.generate()
        check_text(answer.candidates[0].content.parts[0].text)
        equal(answer.candidates[0].finish_reason.name, "STOP")
        equal(answer.usage_metadata.candidates_token_count, OUTPUT_TOKENS)

    async def tool(self):
        answer = await self.generate(TOOL_PROMPT, tools=TOOLS)
        call = answer.candidates[0].content.parts[-1].function_call
        equal(call.name, "weather")
        check_tool_input(dict(call.args))

    async def stream(self):
        chunks = await self.streamed()
        check_text("".join(chunk.candidates[0].content.parts[0].text for chunk in chunks))
        equal(len(chunks), 5)
        equal(chunks[-1].usage_metadata.candidates_token_count, OUTPUT_TOKENS)

    async def stream_tool(self):
        chunks = await self.streamed(TOOL_PROMPT, tools=TOOLS)
        parts = [part for chunk in chunks for part in chunk.candidates[0].content.parts]
        equal([part.function_call.name for part in parts if part.function_call], ["weather"])

    async def blocked(self):
        [answer] = await self.streamed(BLOCKED)
        equal(answer.prompt_feedback.block_reason.name, "MODEL_ARMOR")

    async def count(self):
        client = self.tokens if self.api_version == "v1" else self.prediction
        asked = {"endpoint": model_name(GEMINI), "contents": user("abcdefgh")}
        equal((await settled(client.count_tokens(request=asked))).total_tokens, 2)

    async def compute(self):
        asked = {"endpoint": model_name(GEMINI), "contents": user("abcdefgh")}
        answer = await settled(self.tokens.compute_tokens(request=asked))
        equal([list(info.tokens) for info in answer.tokens_info], [[b"abcd", b"efgh"]])

    async def embeddings(self):
        answer = await settled(self.prediction.predict(
            endpoint=model_name(EMBEDDING),
            instances=[value_of({"content": "a"})],
            parameters=value_of({"outputDimensionality": 3}),
        ))
        [one] = answer.predictions
        equal(len(one["embeddings"]["values"]), 3)
        equal(one["embeddings"]["statistics"]["token_count"], 1)

    async def embed(self):
        answer = await settled(self.prediction.embed_content(request={
            "model": model_name(EMBEDDING_2),
            "content": {"parts": [{"text": "abcd"}]},
            "embed_content_config": {"output_dimensionality": 4},
        }))
        equal(len(answer.embedding.values), 4)

    async def custom(self):
        instances = [value_of({"prompt": "[[leakbed chunks=1 bytes=7]]"})]
        answer = await settled(self.prediction.predict(endpoint=ENDPOINT, instances=instances))
        equal([len(text) for text in answer.predictions], [7])

    async def explain(self):
        instances = [value_of({"age": 3, "name": "x"})]
        answer = await settled(self.prediction.explain(endpoint=ENDPOINT, instances=instances))
        shares = answer.explanations[0].attributions[0].feature_attributions
        equal(sorted(shares), ["age", "name"])

    async def direct(self):
        asked = {"endpoint": ENDPOINT, "inputs": [tensor("[[leakbed chunks=2 bytes=4]]")]}
        answer = await settled(self.prediction.direct_predict(request=asked))
        equal([len(one.string_val[0]) for one in answer.outputs], [8])

    async def direct_raw(self):
        asked = {"endpoint": ENDPOINT, "method_name": "M", "input": b"[[leakbed chunks=2 bytes=4]]"}
        equal(len((await settled(self.prediction.direct_raw_predict(request=asked))).output), 8)

    async def server_streaming(self):
        asked = {"endpoint": ENDPOINT, "inputs": [tensor("[[leakbed chunks=3 bytes=4]]")]}
        answers = await items_of(self.prediction.server_streaming_predict(request=asked))
        equal([len(one.outputs[0].string_val[0]) for one in answers], [4, 4, 4])

    async def both_ways(self, method, messages):
        """Two messages, the second without its endpoint."""
        async def slowly():
            for message in messages:
                yield message

        is_async = self.transport == "grpc_asyncio"
        requests = slowly() if is_async else iter(messages)
        return await items_of(getattr(self.prediction, method)(requests=requests))

    async def tensors_both_ways(self, method, request):
        kind = getattr(self.api, request)
        answers = await self.both_ways(method, [
            kind(endpoint=ENDPOINT, inputs=[tensor("[[leakbed chunks=2 bytes=4]]")]),
            kind(inputs=[tensor("[[leakbed chunks=1 bytes=9]]")]),
        ])
        equal([len(one.outputs[0].string_val[0]) for one in answers], [4, 4, 9])

    async def bytes_both_ways(self, method, request):
        kind = getattr(self.api, request)
        answers = await self.both_ways(method, [
            kind(endpoint=ENDPOINT, method_name="M", input=b"[[leakbed chunks=2 bytes=4]]"),
            kind(input=b"[[leakbed chunks=1 bytes=9]]"),
        ])
        equal([len(one.output) for one in answers], [4, 4, 9])

    async def streaming(self):
        await self.tensors_both_ways("streaming_predict", "StreamingPredictRequest")

    async def stream_direct(self):
        await self.tensors_both_ways("stream_direct_predict", "StreamDirectPredictRequest")

    async def streaming_raw(self):
        await self.bytes_both_ways("streaming_raw_predict", "StreamingRawPredictRequest")

    async def stream_direct_raw(self):
        await self.bytes_both_ways("stream_direct_raw_predict", "StreamDirectRawPredictRequest")

    async def raw_claude(self):
        asked = {"endpoint": model_name(CLAUDE, "anthropic"), "http_body": http_body(CLAUDE_BODY)}
        message = json.loads((await settled(self.prediction.raw_predict(request=asked))).data)
        check_text(message["content"][0]["text"])

    async def raw_claude_stream(self):
        body = http_body({**CLAUDE_BODY, "stream": True})
        asked = {"endpoint": model_name(CLAUDE, "anthropic"), "http_body": body}
        answers = await items_of(self.prediction.stream_raw_predict(request=asked))
        events = [json.loads(one.data.split(b"data: ")[1]) for one in answers]
        check_text("".join(event.get("delta", {}).get("text", "") for event in events))
        # message_start, block start, ping, 4 deltas, block stop, message_delta, message_stop.
        equal(len(events), 10)

    async def raw_mistral(self):
        body = http_body({"model": MISTRAL, "messages": CLAUDE_BODY["messages"]})
        asked = {"endpoint": model_name(MISTRAL, "mistralai"), "http_body": body}
        answer = json.loads((await settled(self.prediction.raw_predict(request=asked))).data)
        check_text(answer["choices"][0]["message"]["content"])

    async def chat(self):
        body = {"model": LLAMA, "stream": True, "messages": CLAUDE_BODY["messages"]}
        asked = {"endpoint": f"{SCOPE}/endpoints/openapi", "http_body": http_body(body)}
        answers = await items_of(self.prediction.chat_completions(request=asked))
        equal(answers[-1].data.strip(), b"data: [DONE]")
        chunks = [json.loads(one.data[6:]) for one in answers[:-1]]
        check_text("".join(one["choices"][0]["delta"].get("content", "") for one in chunks))

    async def cached(self):
        content = {"model": model_name(GEMINI), "contents": user("x" * 4000), "ttl": {"seconds": 60}}
        made = await settled(self.caches.create_cached_content(parent=SCOPE, cached_content=content))
        found = await settled(self.caches.get_cached_content(name=made.name))
        equal(found.usage_metadata.total_token_count, 1000)
        answer = await self.generate("abcd", cached_content=made.name)
        equal(answer.usage_metadata.cached_content_token_count, 1000)
        changed = {"name": made.name, "ttl": {"seconds": 7200}}
        updated = await settled(self.caches.update_cached_content(
            cached_content=changed, update_mask={"paths": ["ttl"]},
        ))
        equal((updated.expire_time - made.expire_time).total_seconds() > 7000, True)
        listed = await items_of(self.caches.list_cached_contents(parent=SCOPE))
        equal(made.name in [one.name for one in listed], True)
        await settled(self.caches.delete_cached_content(name=made.name))

        async def ask_again():
            await settled(self.caches.get_cached_content(name=made.name))

        equal(type(await refusal(ask_again)), google_errors.NotFound)

    async def locations(self):
        found = await settled(self.prediction.get_location(request={"name": SCOPE}))
        equal(found.location_id, "us-central1")
        listed = await settled(self.prediction.list_locations(request={"name": "projects/p"}))
        equal("us-central1" in [one.location_id for one in listed.locations], True)

    async def throttled(self):
        error = await refusal(lambda: self.generate(THROTTLED))
        # asyncio's client and REST know its class by the status of each.
        equal(error.code, 429)

    async def exception(self):
        chunks = []
        if self.transport == "rest":
            # The error arrives as one more message, without candidates.
            await self.streamed(BROKEN, chunks)
            equal((len(chunks), len(chunks[3].candidates)), (4, 0))
            return
        error = await refusal(lambda: self.streamed(BROKEN, chunks))
        equal((error.grpc_status_code, len(chunks)), (grpc.StatusCode.RESOURCE_EXHAUSTED, 3))


ONE_WAY = "REST has no streams of requests"
RAW = "its REST transport writes an HttpBody as a field, which the service refuses"
# The cell, why REST has it not, what the fake serves for each version, and the check.
TABLE = [
    ("GenerateContent", None, ["GenerateContent"], Calls.whole),
    ("GenerateContent, tool", None, ["GenerateContent"], Calls.tool),
    ("StreamGenerateContent", None, ["StreamGenerateContent"], Calls.stream),
    ("StreamGenerateContent, tool", None, ["StreamGenerateContent"], Calls.stream_tool),
    ("blocked prompt", None, ["StreamGenerateContent"], Calls.blocked),
    ("CountTokens", None, ["CountTokens"], Calls.count),
    ("ComputeTokens", None, ["ComputeTokens"], Calls.compute),
    ("Predict, embeddings", None, ["Predict"], Calls.embeddings),
    ("EmbedContent", None, ["EmbedContent"], Calls.embed),
    ("Predict, custom", None, ["Predict"], Calls.custom),
    ("Explain", None, ["Explain"], Calls.explain),
    ("DirectPredict", None, ["DirectPredict"], Calls.direct),
    ("DirectRawPredict", None, ["DirectRawPredict"], Calls.direct_raw),
    ("ServerStreamingPredict", None, ["ServerStreamingPredict"], Calls.server_streaming),
    ("StreamingPredict", ONE_WAY, ["StreamingPredict"], Calls.streaming),
    ("StreamDirectPredict", ONE_WAY, ["StreamDirectPredict"], Calls.stream_direct),
    ("StreamingRawPredict", ONE_WAY, ["StreamingRawPredict"], Calls.streaming_raw),
    ("StreamDirectRawPredict", ONE_WAY, ["StreamDirectRawPredict"], Calls.stream_direct_raw),
    ("RawPredict, Claude", RAW, ["RawPredict"], Calls.raw_claude),
    ("StreamRawPredict, Claude", RAW, ["StreamRawPredict"], Calls.raw_claude_stream),
    ("RawPredict, Mistral", RAW, ["RawPredict"], Calls.raw_mistral),
    ("ChatCompletions, stream", RAW, ["ChatCompletions"], Calls.chat),
    ("cached contents", None, CACHE_CALLS, Calls.cached),
    ("locations", None, ["GetLocation", "ListLocations"], Calls.locations),
    ("throttled", None, ["GenerateContent"], Calls.throttled),
    ("exception", None, ["StreamGenerateContent"], Calls.exception),
]
ROWS = {"grpc": "gRPC", "grpc_asyncio": "gRPC asyncio", "rest": "REST"}


async def main():
    for transport, name in ROWS.items():
        for door in setup["doors"]:
            cells = Cells(f"{setup['client']}, {name}", version("google-cloud-aiplatform"), door)
            versions = [Calls(api, api_version, transport, door) for api_version, api in APIS.items()]
            for operation, lack, served, check in TABLE:
                if lack is not None and transport == "rest":
                    cells.absent(operation, lack)
                    continue
                # v1 has none of it.
                able = versions[1:] if operation.startswith("Chat") else versions

                async def every_version(check=check, able=able):
                    for calls in able:
                        await check(calls)

                await cells.cell(operation, served * len(able), every_version)


asyncio.run(main())
