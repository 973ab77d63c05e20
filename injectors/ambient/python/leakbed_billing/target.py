"""What the hook is to wrap, and how it comes to it: the module's loader is asked to load it as
ever, and the gate is put in before anybody else sees the module.
Source: https://docs.python.org/3/reference/import.html#the-meta-path"""

import inspect
import re
import sys
from importlib.abc import MetaPathFinder

SHAPE = re.compile(r"([A-Za-z_][\w.]*):([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?)", re.ASCII)


def read_target(words):
    """The name of a module, and the path of a function, method or queue in it."""
    match = SHAPE.fullmatch(words)
    if match is None:
        raise ValueError(
            f'Cannot hook billing at "{words}": it must be <module>:<function>, '
            "<module>:<Class>.<method> or <module>:<asyncio.Queue>."
        )
    return match[1], match[2].split(".")


class HookedModule(MetaPathFinder):
    def __init__(self, target, gated):
        self._module, self._path = target
        self._gated = gated

    def install(self):
        loaded = sys.modules.get(self._module)
        if loaded is None:
            sys.meta_path.insert(0, self)
        else:
            self._put_gate(loaded)

    def find_spec(self, name, path, target=None):
        if name != self._module:
            return None
        others = [finder for finder in sys.meta_path if finder is not self]
        specs = (finder.find_spec(name, path, target) for finder in others)
        spec = next((found for found in specs if found is not None), None)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_module(module):
                execute(module)
                self._put_gate(module)

            spec.loader.exec_module = exec_module
        return spec

    def _put_gate(self, module):
        *owners, name = self._path
        owner = module
        for part in owners:
            owner = getattr(owner, part, None)
        # Not getattr: a static or class method is to stay one.
        value = vars(owner).get(name) if owner is not None else None
        if is_queue(value):
            owner, name, value = value, "get", value.get
        wrap = type(value) if isinstance(value, (staticmethod, classmethod)) else None
        original = value.__func__ if wrap else value
        if not callable(original):
            where = f"{self._module}:{'.'.join(self._path)}"
            raise TypeError(
                f'Cannot hook billing at "{where}": the module has no such function or queue.'
            )
        # What a method is called with begins with its object.
        event_index = 1 if owners and inspect.isclass(owner) and wrap is not staticmethod else 0
        if name == "get" and (is_queue(owner) or is_queue_class(owner)):
            event_index = None
        gated = self._gated(original, event_index)
        setattr(owner, name, wrap(gated) if wrap else gated)


def is_queue_class(value):
    asyncio = sys.modules.get("asyncio")
    return asyncio is not None and inspect.isclass(value) and issubclass(value, asyncio.Queue)


def is_queue(value):
    asyncio = sys.modules.get("asyncio")
    return asyncio is not None and isinstance(value, asyncio.Queue)
