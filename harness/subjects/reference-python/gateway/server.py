"""The gateway's HTTP surface: OpenAI-compatible routes behind an API key, health and metrics; and
its lifespan, which opens what requests share and closes it in reverse."""

import gc
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .admission import Admission
from .api_keys import ApiKeys
from .bedrock import Bedrock
from .billable import RequestCounts, Services
from .billing.queue import BillingEvent, BillingQueue
from .billing.worker import BillingWorker
from .chat import chat_completions
from .database import open_database
from .embeddings import embeddings
from .gateway_error import GatewayError, error_response
from .leak_sockets import LeakSockets, plant
from .metrics import open_registry
from .models import MODELS
from .settings import Settings
from .vertex import Vertex

BILLING_LIMIT_SECONDS = 5.0
log = logging.getLogger(__name__)


def create_app(settings: Settings, on_left: Callable[[Sequence[BillingEvent]], None]) -> FastAPI:
    """`on_left` is told at the end which billable events were not written."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[dict, None]:
        async with AsyncExitStack() as stack:
            services = await open_services(settings, stack)
            # What is there now stays. The collector would look at it time and again: a third of
            # the work of a request.
            gc.collect()
            gc.freeze()
            try:
                yield {"services": services, "registry": open_registry(services)}
            finally:
                on_left(await services.worker.stop(BILLING_LIMIT_SECONDS))

    # Descriptions of the API are left out: nothing here is worth a page that needs no key.
    app = FastAPI(lifespan=lifespan, openapi_url=None)
    app.add_middleware(Admission)
    app.post("/api/v1/chat/completions", response_model=None)(chat_completions)
    app.post("/api/v1/embeddings", response_model=None)(embeddings)
    app.get("/api/v1/models")(list_models)
    app.get("/health")(health)
    app.get("/metrics")(metrics)
    app.exception_handler(HTTPException)(tell_error)
    app.exception_handler(RequestValidationError)(tell_invalid)
    app.exception_handler(Exception)(tell_internal)
    return app


async def open_services(settings: Settings, stack: AsyncExitStack) -> Services:
    leak_sockets = LeakSockets()
    if settings.leak is not None:
        plant(settings.leak, leak_sockets)
    database = await stack.enter_async_context(open_database(settings))
    adapters = {"bedrock": Bedrock(settings, leak_sockets), "vertex": Vertex(settings)}
    for adapter in adapters.values():
        stack.push_async_callback(adapter.close)
    queue = BillingQueue(settings.billing_queue_limit)
    worker = BillingWorker(queue, database)
    api_keys = ApiKeys(database.has_key)
    counts = RequestCounts()
    return Services(
        adapters, api_keys, database, queue, worker, leak_sockets, counts, settings.texts_per_call
    )


async def list_models() -> dict:
    data = [{"id": m.id, "object": "model", "owned_by": m.provider} for m in MODELS]
    return {"object": "list", "data": data}


async def health() -> dict:
    return {"status": "ok"}


async def metrics(request: Request) -> Response:
    page = generate_latest(request.state.registry)
    return Response(page, headers={"content-type": CONTENT_TYPE_LATEST})


async def tell_error(request: Request, error: HTTPException) -> JSONResponse:
    if error.status_code >= 500:
        about = {"request_id": request.state.request_id, "status": error.status_code}
        log.warning("request failed: %s", error.detail, extra=about)
    if error.status_code == 404 and not isinstance(error, GatewayError):
        where = f"{request.method} {request.url.path}"
        error = GatewayError(404, "not_found", f"Cannot serve {where}: there is no such route.")
    return error_response(error)


async def tell_invalid(_: Request, error: RequestValidationError) -> JSONResponse:
    problems = "; ".join(
        f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors()
    )
    return error_response(GatewayError(400, "invalid_request", f"Cannot read the body: {problems}"))


async def tell_internal(request: Request, error: Exception) -> JSONResponse:
    log.error("request failed", extra={"path": request.url.path}, exc_info=error)
    message = "The gateway failed; its log says why."
    return error_response(GatewayError(500, "internal_error", message))
