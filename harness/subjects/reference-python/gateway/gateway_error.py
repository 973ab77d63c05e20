"""Every failure that a client is told about: a status, and OpenAI's error object as its body.
Source: https://platform.openai.com/docs/guides/error-codes"""

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

PASSED_ON = {400, 404, 408, 413, 429, 503, 504}
TYPES = {401: "authentication_error", 429: "rate_limit_error"}


class GatewayError(HTTPException):
    def __init__(
        self, status: int, code: str, message: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(status, message, headers)
        self.code = code


def provider_error(status: int, code: str, message: str) -> GatewayError:
    """A provider's status as the client should see it: its mistakes, the limits, the outages."""
    return GatewayError(status if status in PASSED_ON else 502, code, message)


def error_body(status: int, code: str, message: str) -> dict:
    kind = TYPES.get(status) or ("invalid_request_error" if status < 500 else "api_error")
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def error_response(error: HTTPException) -> JSONResponse:
    code = getattr(error, "code", "invalid_request")
    body = error_body(error.status_code, code, error.detail)
    return JSONResponse(body, error.status_code, error.headers)
