"""What every request passes before its route: a request id, an API key, a bound on the body. Plain
ASGI, because Starlette's BaseHTTPMiddleware would stand between a stream and its client.
Source: https://www.starlette.io/middleware/#pure-asgi-middleware"""

import re
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .billable import Services
from .gateway_error import GatewayError, error_response

# Bedrock takes bodies of up to 25 MB; JSON around the prompt needs a little more.
BODY_LIMIT_BYTES = 32 * 1024 * 1024
REQUEST_ID = re.compile(r"[\w.:-]{1,128}", re.ASCII)
BEARER = re.compile(r"Bearer +(\S+)", re.IGNORECASE)


class Admission:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers = Headers(scope=scope)
        request_id = headers.get("x-request-id") or str(uuid4())
        try:
            if REQUEST_ID.fullmatch(request_id) is None:
                raise GatewayError(
                    400,
                    "invalid_request_id",
                    'Cannot accept x-request-id: it must be 1 to 128 letters, digits or "._:-".',
                )
            if scope["path"].startswith("/api/"):
                await check_key(headers.get("authorization", ""), scope["state"]["services"])
        except GatewayError as error:
            return await error_response(error)(scope, receive, send)
        scope["state"]["request_id"] = request_id
        await self._app(scope, bounded(receive), with_request_id(send, request_id))


async def check_key(authorization: str, services: Services) -> None:
    given = BEARER.fullmatch(authorization)
    if given is None or not await services.api_keys.accepts(given[1]):
        raise GatewayError(
            401,
            "invalid_api_key",
            'Cannot accept the request: it carries no valid key. Send "Authorization: Bearer <key>".',
        )


def bounded(receive: Receive) -> Receive:
    size_bytes = 0

    async def receive_bounded() -> Message:
        nonlocal size_bytes
        message = await receive()
        size_bytes += len(message.get("body", b""))
        if size_bytes > BODY_LIMIT_BYTES:
            limit_mib = BODY_LIMIT_BYTES // 1024**2
            why = f"Cannot accept the request: its body is larger than {limit_mib} MiB."
            raise GatewayError(413, "body_too_large", why)
        return message

    return receive_bounded


def with_request_id(send: Send, request_id: str) -> Send:
    async def send_with_id(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["x-request-id"] = request_id
        await send(message)

    return send_with_id
