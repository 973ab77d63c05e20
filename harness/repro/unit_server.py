"""One unit of Python work as a gateway with one route: the counterpart of unit-server.mjs. Each
request runs the unit's function once, on one event loop if it is a coroutine. Standard library only,
so that nothing but the unit and its packages is measured.

  LEAKBED_UNIT         path of the module
  LEAKBED_UNIT_EXPORT  the function that is the unit; absent: `unit(context)`
  LEAKBED_MOCKS        where the fake providers are
"""

import asyncio
import importlib.util
import inspect
import json
import os
import signal
import sys
import traceback
from types import SimpleNamespace


def load(path):
    spec = importlib.util.spec_from_file_location("unit", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["unit"] = module
    spec.loader.exec_module(module)
    return getattr(module, os.environ.get("LEAKBED_UNIT_EXPORT", "unit"))


async def call(unit, iteration):
    mocks = os.environ.get("LEAKBED_MOCKS", "")
    context = SimpleNamespace(
        bedrock_url=mocks, vertex_url=mocks, env=os.environ, iteration=iteration
    )
    try:
        result = unit(context)
        if inspect.isawaitable(result):
            await result
        return 200, {"done": True}
    except Exception:
        return 500, {"error": {"message": traceback.format_exc()[-500:]}}


def serving(unit):
    iteration = 0

    async def serve(reader, writer):
        nonlocal iteration
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = head.partition(b"\r\ncontent-length:")[2].partition(b"\r")[0]
                await reader.readexactly(int(length or 0))
                iteration += 1
                status, answer = await call(unit, iteration)
                body = json.dumps(answer).encode()
                fields = f"content-type: application/json\r\ncontent-length: {len(body)}"
                writer.write(f"HTTP/1.1 {status} -\r\n{fields}\r\n\r\n".encode() + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    return serve


async def main():
    unit = load(os.environ["LEAKBED_UNIT"])
    server = await asyncio.start_server(serving(unit), "127.0.0.1", 0)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    port = server.sockets[0].getsockname()[1]
    print(json.dumps({"url": f"http://127.0.0.1:{port}"}), flush=True)
    await stop.wait()
    server.close()


asyncio.run(main())
