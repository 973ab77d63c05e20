"""What CPython knows about its memory, read at rest after all garbage was collected. pymalloc
serves objects of up to 512 bytes, the C library's malloc all larger ones and the extensions; both
are asked through ctypes, as sys._debugmallocstats() can only write to standard error.
"""

import ctypes
import gc
import sys
import types


class MallInfo(ctypes.Structure):
    """struct mallinfo2 of glibc, in its order."""

    names = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"
    _fields_ = [(name, ctypes.c_size_t) for name in names.split()]


libc = ctypes.CDLL(None)
mallinfo = getattr(libc, "mallinfo2", None)
if mallinfo is not None:
    mallinfo.restype = MallInfo
debug_stats = getattr(ctypes.pythonapi, "_PyObject_DebugMallocStats", None)
if debug_stats is not None and hasattr(libc, "open_memstream"):
    debug_stats.argtypes = [ctypes.c_void_p]
    libc.open_memstream.restype = ctypes.c_void_p
    libc.fclose.argtypes = libc.free.argtypes = [ctypes.c_void_p]
else:
    debug_stats = None


def level():
    blocks = sys.getallocatedblocks()
    small, arenas = pymalloc_bytes()
    large = malloc_bytes()
    counts = {"objects": 0, "tasks": 0, "generators": 0, "clients": 0}
    tasks = task_types()
    kinds = {}
    for item in gc.get_objects():
        counts["objects"] += 1
        kind = kinds.get(type(item), "unknown")
        if kind == "unknown":
            kind = kinds[type(item)] = kind_of(type(item), tasks)
        if kind is not None and not (kind == "tasks" and item.done()):
            counts[kind] += 1
    return {
        "blocks": blocks or None,
        "smallBytes": small,
        "largeBytes": large,
        "arenaBytes": arenas,
        **counts,
        "tasks": counts["tasks"] if tasks else None,
    }


GENERATORS = (types.GeneratorType, types.AsyncGeneratorType, types.CoroutineType)
# What keeps connections is named so, in the SDKs and below them.
CLIENTS = ("Client", "Session", "Channel", "Connector", "Pool")


def kind_of(cls, tasks):
    if cls in tasks:
        return "tasks"
    if cls in GENERATORS:
        return "generators"
    is_client = any(base.__name__.endswith(CLIENTS) for base in type.mro(cls))
    return "clients" if is_client else None


def task_types():
    """By exact type: isinstance() would wake the proxies that some frameworks leave lying about."""
    asyncio = sys.modules.get("asyncio.tasks")
    if asyncio is None:
        return ()
    names = ("Task", "_PyTask", "_CTask")
    return {getattr(asyncio, name) for name in names if hasattr(asyncio, name)}


def pymalloc_bytes():
    """Bytes that pymalloc has given out, and bytes of its arenas."""
    if debug_stats is None:
        return None, None
    buffer, size = ctypes.c_void_p(), ctypes.c_size_t()
    stream = libc.open_memstream(ctypes.byref(buffer), ctypes.byref(size))
    if not stream:
        return None, None
    debug_stats(stream)
    libc.fclose(stream)
    text = ctypes.string_at(buffer, size.value).decode("latin-1")
    libc.free(buffer)
    return figure(text, "# bytes in allocated blocks"), figure(text, "bytes/arena")


def figure(text, label):
    """The number after the label and an equals sign: "# bytes in allocated blocks = 19,612,656"."""
    rest = text.partition(label)[2].partition("=")[2].partition("\n")[0]
    digits = rest.strip().replace(",", "")
    return int(digits) if digits else None


def trim():
    """True if glibc's malloc gave pages back; False as well where there is another C library."""
    return bool(libc.malloc_trim(0)) if hasattr(libc, "malloc_trim") else False


def malloc_bytes():
    """Bytes in use of glibc's malloc: objects over 512 bytes, and what extensions allocate."""
    if mallinfo is None:
        return None
    info = mallinfo()
    return info.uordblks + info.hblkhd
