"""The billing-stall hook of a Python gateway, the counterpart of billing-hook.ts.

LEAKBED_BILLING_HOOK  app.billing:consume, app.billing:Worker.consume, or app.billing:billing_queue,
                      an asyncio.Queue that the module holds once it is imported
LEAKBED_CONTROL       http://host:port of the control plane; LEAKBED_TOKEN if it wants one
"""

import os
import sys

from .gate import BillingGate
from .remote import Remote
from .target import HookedModule, read_target


def install(env):
    """Waits for the gateway to import its consumer; words that are wrong end the start."""
    try:
        target = read_target(env["LEAKBED_BILLING_HOOK"])
        remote = Remote(env.get("LEAKBED_CONTROL", ""), env.get("LEAKBED_TOKEN"), BillingGate())
    except ValueError as error:
        # What sitecustomize raises is printed and forgotten; the gateway must not run unhooked.
        sys.stderr.write(f"{error}\n")
        sys.stderr.flush()
        os._exit(1)
    HookedModule(target, remote.gated).install()
