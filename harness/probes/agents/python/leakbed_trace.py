"""Where what stays alive was allocated: tracemalloc over a stretch of work, and the counts of
objects by type before and after it. At 10 to 36 times the CPU it is for the diagnosis only.
"""

import gc
import linecache
import os
import tracemalloc

FOLDER = os.path.dirname(os.path.abspath(__file__))


def start(question):
    if tracemalloc.is_tracing():
        raise RuntimeError("the gateway traces its memory itself; unset PYTHONTRACEMALLOC")
    counts = count_types()
    # Only what is allocated from here on is traced, so what is left at the end was kept.
    tracemalloc.start(question.get("frames", 24))
    return {"types": counts}


def stop(question):
    # Before the snapshot, which is objects itself.
    counts = count_types()
    snapshot = tracemalloc.take_snapshot()
    tracemalloc.stop()
    sites = {}
    for trace in snapshot.traces:
        # Oldest call first, as (file, line).
        frames = [(frame.filename, frame.lineno) for frame in trace.traceback]
        place = innermost(frames, question["root"])
        if place is not None:
            sites[place] = sites.get(place, 0) + trace.size
    largest = sorted(sites.items(), key=lambda site: -site[1])[: question.get("limit", 5)]
    return {
        "types": counts,
        "sites": [
            {"file": file, "line": line, "name": function_at(file, line), "bytes": size}
            for (file, line), size in largest
        ],
    }


def innermost(frames, root):
    """The innermost frame of the application; else the innermost one; none of leakbed's own."""
    known = [frame for frame in frames if not frame[0].startswith(("<frozen", FOLDER))]
    own = [frame for frame in known if is_own(frame[0], root)]
    return (own or known or [None])[-1]


def is_own(file, root):
    return file.startswith(root.rstrip("/") + "/") and "/site-packages/" not in file


def function_at(file, line):
    """The name of the function around a line, told by indentation."""
    text = linecache.getline(file, line)
    depth = len(text) - len(text.lstrip())
    for number in range(line, 0, -1):
        text = linecache.getline(file, number)
        words = text.split()
        indent = len(text) - len(text.lstrip())
        if words[:1] in (["def"], ["async"]) and (indent < depth or number == line):
            name = text.partition("def ")[2].partition("(")[0].strip()
            if name:
                return name
        if words and indent < depth:
            depth = indent
    return "(module)"


def count_types():
    counts = {}
    for item in gc.get_objects():
        kind = type(item)
        counts[kind] = counts.get(kind, 0) + 1
    largest = sorted(counts.items(), key=lambda entry: -entry[1])[:200]
    return {f"{kind.__module__}.{kind.__qualname__}": count for kind, count in largest}
