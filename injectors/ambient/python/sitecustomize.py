"""Loaded by Python itself from PYTHONPATH, before any code of the gateway: puts the billing gate
around the gateway's consumer (leakbed_billing/) and makes way for the sitecustomize.py that this
one hides. Without LEAKBED_BILLING_HOOK it does nothing. For CPython 3.8 and later.
Source: https://docs.python.org/3/library/site.html"""

import os
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec

FOLDER = os.path.dirname(os.path.abspath(__file__))


def pass_on():
    sys.path[:] = [path for path in sys.path if os.path.abspath(path or ".") != FOLDER]
    spec = PathFinder.find_spec("sitecustomize", sys.path)
    if spec is None or spec.loader is None:
        return
    module = module_from_spec(spec)
    sys.modules["sitecustomize"] = module
    spec.loader.exec_module(module)


if os.environ.get("LEAKBED_BILLING_HOOK"):
    import leakbed_billing

    leakbed_billing.install(os.environ)
pass_on()
