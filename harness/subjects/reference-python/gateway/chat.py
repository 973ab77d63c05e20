"""POST /api/v1/chat/completions: OpenAI's dialect in, one provider call, OpenAI's dialect out.
Source: https://platform.openai.com/docs/api-reference/chat"""

import time
from contextlib import AsyncExitStack, aclosing

from starlette.requests import Request
from starlette.responses import Response

from .billable import Billable, accepted, while_connected
from .chat_stream import EventStream, Relay, openai_usage, truncated
from .core import ChatAnswer, ChatQuery
from .models import find_model
from .request_body import ChatBody


async def chat_completions(request: Request, body: ChatBody) -> Response | dict:
    model = find_model(body.model, "chat")
    query = body.to_query()
    async with AsyncExitStack() as stack:
        billable = await stack.enter_async_context(accepted(request, model, query.prompt))
        if body.stream:
            return await open_stream(request, body, query, billable, stack)
        answer = await while_connected(request, billable.adapter.chat(query))
        billable.delivered(answer.text)
        billable.reservation.bill(answer.usage)
        return completion(billable, answer)


async def open_stream(
    request: Request, body: ChatBody, query: ChatQuery, billable: Billable, stack: AsyncExitStack
) -> Response:
    """The status is decided by the first event: until then an error still is an HTTP error."""
    events = billable.adapter.stream_chat(query)
    await stack.enter_async_context(aclosing(events))
    first = await while_connected(request, anext(events, None))
    if first is None:
        raise truncated()
    relay = stack.enter_context(Relay(billable, body.stream_options.include_usage))
    # From here on the answer owns what is open, and closes it however it ends.
    return EventStream(relay.chunks(first, events), stack.pop_all())


def completion(billable: Billable, answer: ChatAnswer) -> dict:
    message = {"role": "assistant", "content": answer.text}
    return {
        "id": f"chatcmpl-{billable.id}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": billable.model.id,
        "choices": [{"index": 0, "message": message, "finish_reason": answer.reason}],
        "usage": openai_usage(answer.usage),
    }
