"""`python -m gateway`: settings from the environment, one JSON line on stdout when it is ready,
logs as JSON on stderr. SIGTERM and SIGINT drain: running requests end, events are billed, and
only what exceeds the limits is cut."""

import asyncio
import json
import logging
import os
import signal
import socket
import sys

import uvicorn
from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from .billing.queue import BillingEvent
from .server import create_app
from .settings import Settings, SettingsError, read_settings

REQUESTS_LIMIT_SECONDS = 10


class AnnouncingServer(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            host, port = sockets[0].getsockname()[:2]
            url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
            print(json.dumps({"url": url, "pid": os.getpid()}), flush=True)


def serve(settings: Settings) -> int:
    """How many billable events were not written."""
    start_logging(settings.log_level)
    left: list[BillingEvent] = []
    config = uvicorn.Config(
        create_app(settings, left.extend),
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=REQUESTS_LIMIT_SECONDS,
    )
    # uvicorn raises the signal anew when it has drained, which would hide the exit code.
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: None)
    with socket.create_server((settings.host, settings.port), backlog=2048) as listener:
        server = AnnouncingServer(config)
        asyncio.run(server.serve([listener]))
    if not server.started:
        raise SettingsError("Cannot start the gateway: its log says why.")
    log = logging.getLogger(__name__)
    # Each by itself: whoever has to bill them by hand needs every one.
    for event in left:
        log.error("this billable event was not written", extra=event.to_log())
    if left:
        log.error("billable events were not written", extra={"left": len(left)})
    return len(left)


def start_logging(level: int) -> None:
    handler = logging.StreamHandler(sys.stderr)
    names = {"asctime": "time", "levelname": "level", "name": "logger"}
    handler.setFormatter(
        JsonFormatter(
            "{asctime}{levelname}{name}{message}",
            style="{",
            rename_fields=names,
            reserved_attrs=[*RESERVED_ATTRS, "color_message"],
        )
    )
    logging.basicConfig(level=level, handlers=[handler])
    # It tells where each session found its endpoint.
    logging.getLogger("botocore").setLevel(max(level, logging.WARNING))
    logging.captureWarnings(True)


def main() -> int:
    try:
        left = serve(read_settings(os.environ))
    except (SettingsError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 1 if left > 0 else 0


sys.exit(main())
