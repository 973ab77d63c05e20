"""boto3, or aioboto3 with the same calls: what differs is who waits, which `Calls` hides."""

import asyncio
import importlib
import inspect
import json
import sys
from importlib.metadata import version

import botocore.config
import botocore.exceptions
from bedrock import ARN, CLAUDE, REEL, messages_body
from cells import (
    BROKEN, OUTPUT_TOKENS, PROMPT, SCHEMA, THROTTLED, TOOL_PROMPT,
    Cells, check_text, check_tool_input, equal, refusal, setup,
)

KIND = sys.argv[1]
TOOLS = {"tools": [{"toolSpec": {"name": "weather", "inputSchema": {"json": SCHEMA}}}]}


def said(text, model=CLAUDE):
    return {"modelId": model, "messages": [{"role": "user", "content": [{"text": text}]}]}


async def settled(value):
    return await value if inspect.isawaitable(value) else value


async def events_of(stream, into=None):
    events = [] if into is None else into
    if hasattr(stream, "__aiter__"):
        async for event in stream:
            events.append(event)
    else:
        for event in stream:
            events.append(event)
    return events


async def json_of(body):
    return json.loads(await settled(body.read()))


class Calls:
    """Each method is a cell, named in `cells`."""

    def __init__(self, runtime, stranger, control, door):
        self.runtime, self.stranger, self.control, self.door = runtime, stranger, control, door

    async def converse(self, text=PROMPT, **rest):
        return await settled(self.runtime.converse(**said(text), **rest))

    async def whole(self):
        answer = await self.converse()
        check_text(answer["output"]["message"]["content"][0]["text"])
        equal(answer["stopReason"], "end_turn")
        equal(answer["usage"]["outputTokens"], OUTPUT_TOKENS)
        equal(answer["usage"]["totalTokens"], answer["usage"]["inputTokens"] + OUTPUT_TOKENS)

    async def tool(self):
        answer = await self.converse(TOOL_PROMPT, toolConfig=TOOLS)
        use = answer["output"]["message"]["content"][-1]["toolUse"]
        equal(use["name"], "weather")
        check_tool_input(use["input"])
        equal(answer["stopReason"], "tool_use")

    async def streamed(self, text, **rest):
        answer = await settled(self.runtime.converse_stream(**said(text), **rest))
        return await events_of(answer["stream"])

    async def stream(self):
        events = await self.streamed(PROMPT)
        deltas = [e["contentBlockDelta"]["delta"]["text"] for e in events if "contentBlockDelta" in e]
        check_text("".join(deltas))
        # messageStart, 4 deltas, contentBlockStop, messageStop, metadata.
        equal(len(events), 8)
        equal(events[-2]["messageStop"]["stopReason"], "end_turn")
        equal(events[-1]["metadata"]["usage"]["outputTokens"], OUTPUT_TOKENS)

    async def stream_tool(self):
        events = await self.streamed(TOOL_PROMPT, toolConfig=TOOLS)
        starts = [e["contentBlockStart"]["start"] for e in events if "contentBlockStart" in e]
        equal([start["toolUse"]["name"] for start in starts], ["weather"])
        deltas = [e["contentBlockDelta"]["delta"] for e in events if "contentBlockDelta" in e]
        check_tool_input(json.loads("".join(d["toolUse"]["input"] for d in deltas if "toolUse" in d)))
        equal(events[-2]["messageStop"]["stopReason"], "tool_use")

    async def arn(self):
        answer = await settled(self.runtime.converse(**said(PROMPT, ARN)))
        check_text(answer["output"]["message"]["content"][0]["text"])

    async def throttled(self):
        error = await refusal(lambda: self.converse(THROTTLED))
        equal(type(error).__name__, "ThrottlingException")
        equal(isinstance(error, self.runtime.exceptions.ThrottlingException), True)
        equal(error.response["ResponseMetadata"]["HTTPStatusCode"], 429)

    async def broken(self, answer, member):
        events = []
        error = await refusal(lambda: events_of(answer[member], events))
        equal(isinstance(error, botocore.exceptions.EventStreamError), True)
        equal(error.response["Error"]["Code"], "throttlingException")
        equal(len(events), 3)

    async def exception(self):
        await self.broken(await settled(self.runtime.converse_stream(**said(BROKEN))), "stream")

    async def exception_invoke(self):
        body = messages_body(BROKEN)
        call = self.runtime.invoke_model_with_response_stream(modelId=CLAUDE, body=body)
        await self.broken(await settled(call), "body")

    async def wrong_key(self):
        async def ask():
            return await settled(self.stranger.converse(**said(PROMPT)))

        if self.door["verifies"]:
            error = await refusal(ask)
            equal(error.response["Error"]["Code"], "InvalidSignatureException")
        else:
            await ask()

    async def invoke(self):
        answer = await settled(self.runtime.invoke_model(modelId=CLAUDE, body=messages_body(PROMPT)))
        equal(answer["contentType"], "application/json")
        message = await json_of(answer["body"])
        check_text(message["content"][0]["text"])
        equal((message["stop_reason"], message["usage"]["output_tokens"]), ("end_turn", OUTPUT_TOKENS))

    async def invoke_stream(self):
        body = messages_body(PROMPT)
        call = self.runtime.invoke_model_with_response_stream(modelId=CLAUDE, body=body)
        events = [json.loads(e["chunk"]["bytes"]) for e in await events_of((await settled(call))["body"])]
        check_text("".join(event.get("delta", {}).get("text", "") for event in events))
        equal(len(events), 9)
        equal(events[-1]["amazon-bedrock-invocationMetrics"]["outputTokenCount"], OUTPUT_TOKENS)

    async def embeddings(self):
        async def ask(model, value):
            call = self.runtime.invoke_model(modelId=model, body=json.dumps(value))
            return await json_of((await settled(call))["body"])

        titan = await ask("amazon.titan-embed-text-v2:0", {"inputText": "Hello", "dimensions": 256})
        equal(len(titan["embedding"]), 256)
        texts = {"texts": ["One", "Two"], "input_type": "search_query"}
        cohere = await ask("cohere.embed-english-v3", texts)
        equal([len(one) for one in cohere["embeddings"]], [1024, 1024])

    async def count(self):
        given = {"converse": {"messages": said(PROMPT)["messages"]}}
        counted = await settled(self.runtime.count_tokens(modelId=CLAUDE, input=given))
        equal(counted["inputTokens"], (await self.converse())["usage"]["inputTokens"])

    async def guardrail(self):
        async def ask(text):
            call = self.runtime.apply_guardrail(
                guardrailIdentifier="abcdef123456", guardrailVersion="1", source="INPUT",
                content=[{"text": {"text": text}}],
            )
            return await settled(call)

        equal((await ask("Hello"))["action"], "NONE")
        stopped = await ask("[[leakbed stop=guardrail]]")
        equal((stopped["action"], len(stopped["outputs"])), ("GUARDRAIL_INTERVENED", 1))

    async def checks(self):
        call = self.runtime.invoke_guardrail_checks(
            messages=[{"role": "user", "content": [{"text": "Hello"}]}],
            checks={"contentFilter": {"categories": [{"category": "HATE"}]}},
        )
        results = (await settled(call))["results"]
        equal(results["contentFilter"]["results"][0]["severityScore"], 0)

    async def start(self):
        call = self.runtime.start_async_invoke(
            modelId=REEL,
            modelInput={"taskType": "TEXT_VIDEO", "textToVideoParams": {"text": "A river."}},
            outputDataConfig={"s3OutputDataConfig": {"s3Uri": "s3://bucket/films"}},
        )
        arn = (await settled(call))["invocationArn"]
        equal(arn.split(":")[:4], ["arn", "aws", "bedrock", "us-east-1"])
        return arn

    async def get_job(self):
        arn = await self.start()
        job = await settled(self.runtime.get_async_invoke(invocationArn=arn))
        equal(job["invocationArn"], arn)
        equal(type(job["submitTime"]).__name__, "datetime")

    async def list_jobs(self):
        arn = await self.start()
        answer = await settled(self.runtime.list_async_invokes(maxResults=1))
        equal([job["invocationArn"] for job in answer["asyncInvokeSummaries"]], [arn])

    async def list_models(self):
        answer = await settled(self.control.list_foundation_models(byProvider="Anthropic"))
        equal(CLAUDE in [model["modelId"] for model in answer["modelSummaries"]], True)

    async def get_model(self):
        answer = await settled(self.control.get_foundation_model(modelIdentifier=CLAUDE))
        equal(answer["modelDetails"]["modelId"], CLAUDE)

    async def list_profiles(self):
        answer = await settled(self.control.list_inference_profiles(maxResults=2))
        equal((len(answer["inferenceProfileSummaries"]), "nextToken" in answer), (2, True))

    async def get_profile(self):
        id = f"us.{CLAUDE}"
        answer = await settled(self.control.get_inference_profile(inferenceProfileIdentifier=id))
        equal((answer["inferenceProfileId"], answer["status"]), (id, "ACTIVE"))


STREAM = "InvokeModelWithResponseStream"
# The cell, the client's method it needs, what the fake then serves, and the check.
TABLE = [
    ("Converse", "converse", ["Converse"], Calls.whole),
    ("Converse, tool", "converse", ["Converse"], Calls.tool),
    ("ConverseStream", "converse_stream", ["ConverseStream"], Calls.stream),
    ("ConverseStream, tool", "converse_stream", ["ConverseStream"], Calls.stream_tool),
    ("ARN", "converse", ["Converse"], Calls.arn),
    ("throttled", "converse", ["Converse"], Calls.throttled),
    ("exception", "converse_stream", ["ConverseStream"], Calls.exception),
    ("wrong key", "converse", ["Converse"], Calls.wrong_key),
    ("InvokeModel", "invoke_model", ["InvokeModel"], Calls.invoke),
    (STREAM, "invoke_model_with_response_stream", [STREAM], Calls.invoke_stream),
    ("exception, invoke", "invoke_model_with_response_stream", [STREAM], Calls.exception_invoke),
    ("InvokeModelWithBidirectionalStream", "invoke_model_with_bidirectional_stream", [], None),
    ("embeddings", "invoke_model", ["InvokeModel", "InvokeModel"], Calls.embeddings),
    ("CountTokens", "count_tokens", ["CountTokens", "Converse"], Calls.count),
    ("ApplyGuardrail", "apply_guardrail", ["ApplyGuardrail"] * 2, Calls.guardrail),
    ("InvokeGuardrailChecks", "invoke_guardrail_checks", ["InvokeGuardrailChecks"], Calls.checks),
    ("StartAsyncInvoke", "start_async_invoke", ["StartAsyncInvoke"], Calls.start),
    ("GetAsyncInvoke", "get_async_invoke", ["StartAsyncInvoke", "GetAsyncInvoke"], Calls.get_job),
    ("ListAsyncInvokes", "list_async_invokes", ["StartAsyncInvoke", "ListAsyncInvokes"], Calls.list_jobs),
    ("ListFoundationModels", "list_foundation_models", ["ListFoundationModels"], Calls.list_models),
    ("GetFoundationModel", "get_foundation_model", ["GetFoundationModel"], Calls.get_model),
    ("ListInferenceProfiles", "list_inference_profiles", ["ListInferenceProfiles"], Calls.list_profiles),
    ("GetInferenceProfile", "get_inference_profile", ["GetInferenceProfile"], Calls.get_profile),
]


def options(door, secret=None):
    return {
        "endpoint_url": door["url"],
        "region_name": "us-east-1",
        "aws_access_key_id": door["accessKeyId"],
        "aws_secret_access_key": secret or door["secretAccessKey"],
        "verify": setup["caFile"],
        "config": botocore.config.Config(retries={"total_max_attempts": 1}, read_timeout=15),
    }


async def visit(door, calls):
    cells = Cells(setup["client"], version(KIND), door)
    for operation, method, served, check in TABLE:
        if hasattr(calls.runtime, method) or hasattr(calls.control, method):
            await cells.cell(operation, served, lambda: check(calls))
        else:
            cells.absent(operation, f"botocore {version('botocore')} has no {method}")


async def main():
    package = importlib.import_module(KIND)
    for door in setup["doors"]:
        session = package.Session()
        clients = [
            session.client("bedrock-runtime", **options(door)),
            session.client("bedrock-runtime", **options(door, "wrong")),
            session.client("bedrock", **options(door)),
        ]
        if KIND == "boto3":
            await visit(door, Calls(*clients, door))
            continue
        async with clients[0] as runtime, clients[1] as stranger, clients[2] as control:
            await visit(door, Calls(runtime, stranger, control, door))


asyncio.run(main())
