"""What leakbed puts into a Python gateway that it starts: a copy of this folder on PYTHONPATH, where
Python looks for sitecustomize.py by itself. Every process of the gateway then answers on
FOLDER/PID.sock, one JSON line for each (python-client.ts asks). The folder is open to its owner
only, so no token is needed.

It must not be what it measures: raw sockets and threads from before any monkey patching, a ring of
fixed size, nothing kept between two questions. For CPython 3.8 and later.
"""

import _socket
import gc
import json
import os
import sys
from _thread import start_new_thread
from array import array
from time import monotonic, perf_counter

import leakbed_kept
import leakbed_level
import leakbed_trace

FOLDER = os.path.dirname(os.path.abspath(__file__))
LONGEST_LINE = 4096
# Of each collection its end, duration and generation; the newest stay.
RING = 1024

ring = array("d", bytes(8 * 3 * RING))
state = {"written": 0, "read": 0, "began": 0.0, "is_forced": False}
listening = []


def on_collection(phase, info):
    if phase == "start":
        state["began"] = perf_counter()
    elif not state["is_forced"]:
        at = 3 * (state["written"] % RING)
        ring[at] = monotonic() * 1000
        ring[at + 1] = (perf_counter() - state["began"]) * 1000
        ring[at + 2] = info["generation"]
        state["written"] += 1


def sample(_question):
    """The collections since the last time, on a clock that the answer tells as well."""
    written = state["written"]
    first = max(state["read"], written - RING)
    state["read"] = written
    places = [3 * (index % RING) for index in range(first, written)]
    return {"nowMs": monotonic() * 1000, "pauses": [list(ring[at : at + 3]) for at in places]}


def collect():
    """Forced collections are leakbed's and not told as the gateway's pauses."""
    state["is_forced"] = True
    try:
        # What finalizers let go of is garbage of the next collection.
        for _ in range(4):
            if gc.collect() == 0:
                break
    finally:
        state["is_forced"] = False


def level(_question):
    collect()
    return leakbed_level.level()


def reclaim(_question):
    """Garbage is collected, and malloc gives the pages that are free at last back to the system."""
    collect()
    return {"isReclaimed": leakbed_level.trim()}


def retain(question):
    leakbed_kept.retain(question["kind"], question["bytes"], question["count"])
    return {}


def release(_question):
    leakbed_kept.release()
    return {}


def trace_start(question):
    collect()
    return leakbed_trace.start(question)


def trace_stop(question):
    collect()
    return leakbed_trace.stop(question)


QUESTIONS = {
    "sample": sample,
    "level": level,
    "reclaim": reclaim,
    "retain": retain,
    "release": release,
    "trace-start": trace_start,
    "trace-stop": trace_stop,
}


def answer(line):
    try:
        question = json.loads(line)
        return QUESTIONS[question["do"]](question)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def converse(connection):
    pending = b""
    has_retained = False
    try:
        while len(pending) <= LONGEST_LINE:
            data = connection.recv(LONGEST_LINE)
            if not data:
                return
            pending += data
            while b"\n" in pending:
                line, _, pending = pending.partition(b"\n")
                has_retained = has_retained or b'"retain"' in line
                connection.sendall(json.dumps(answer(line)).encode() + b"\n")
    except OSError:
        # leakbed has gone; the next one may come.
        pass
    finally:
        connection.close()
        if has_retained:
            leakbed_kept.release()


def serve(listener):
    while True:
        try:
            descriptor, _ = listener._accept()
        except OSError:
            return
        # The probe keeps its connection while the diagnosis has one of its own.
        start_new_thread(converse, (_socket.socket(fileno=descriptor),))


def start():
    listener = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        listener.bind(os.path.join(FOLDER, f"{os.getpid()}.sock"))
        listener.listen(1)
    except OSError:
        # The folder is gone or another user's: this process is not seen from inside.
        listener.close()
        return
    listening.append(listener)
    start_new_thread(serve, (listener,))


def start_in_child():
    """A forked worker has none of its parent's threads, and begins an agent of its own."""
    while listening:
        listening.pop().close()
    state.update(written=0, read=0, is_forced=False)
    start()


def pass_on():
    """Runs the sitecustomize.py that this one hides, as if leakbed were not there."""
    sys.modules["leakbed_agent"] = sys.modules.pop("sitecustomize", None)
    while FOLDER in sys.path:
        sys.path.remove(FOLDER)
    try:
        import sitecustomize  # noqa: F401
    except ModuleNotFoundError as error:
        if error.name != "sitecustomize":
            raise


gc.callbacks.append(on_collection)
start()
os.register_at_fork(after_in_child=start_in_child)
pass_on()
