"""Connects the gate to the control plane that switches it, as billing-remote.ts does: one long poll
at a time, over one connection, in a thread that does not keep the gateway alive. A control plane
that is away is asked again with a bounded backoff."""

import json
import os
import threading
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from time import sleep
from urllib.parse import urlsplit

from .gate import read_state

PATH = "/__leakbed/switches/billing-stall"
# The control plane answers within 25 s; silence beyond that is a dead connection.
ANSWER_LIMIT_SECONDS = 35
FIRST_BACKOFF_SECONDS = 0.1
LONGEST_BACKOFF_SECONDS = 5
ANSWER_LIMIT_BYTES = 65_536


class Remote:
    def __init__(self, control, token, gate):
        url = urlsplit(control)
        if url.scheme not in ("http", "https") or not url.hostname:
            raise ValueError(
                f'Cannot hook billing with LEAKBED_CONTROL="{control}": it must be '
                "http://host:port of leakbed's control plane."
            )
        self._url, self._gate, self._is_following = url, gate, False
        self._headers = {"content-type": "application/json"}
        if token:
            self._headers["authorization"] = f"Bearer {token}"

    def gated(self, original, event_index):
        """Called when the gateway loads its consumer: only then is there a switch."""
        if not self._is_following:
            self._is_following = True
            self._start()
            # A forked worker has none of its parent's threads.
            os.register_at_fork(after_in_child=self._start_in_child)
        return self._gate.wrap(original, event_index)

    def _start(self):
        threading.Thread(target=self._follow, name="leakbed-billing", daemon=True).start()

    def _start_in_child(self):
        self._gate.after_fork()
        self._start()

    def _follow(self):
        version, backoff = 0, FIRST_BACKOFF_SECONDS
        connection = self._connect()
        while True:
            try:
                following = self._ask(connection, "GET", f"{PATH}?since={version}")
                if following["version"] != version:
                    self._gate.set(read_state(following, self._gate.knows_events))
                    seen = {"version": following["version"], **self._gate.counts()}
                    self._ask(connection, "POST", f"{PATH}/seen", seen)
                    version = following["version"]
                backoff = FIRST_BACKOFF_SECONDS
            except (OSError, HTTPException, ValueError, KeyError, TypeError):
                # The version stays as it was, so what was missed is answered at once next time.
                connection.close()
                sleep(backoff)
                backoff = min(backoff * 2, LONGEST_BACKOFF_SECONDS)

    def _connect(self):
        kind = HTTPSConnection if self._url.scheme == "https" else HTTPConnection
        return kind(self._url.hostname, self._url.port, timeout=ANSWER_LIMIT_SECONDS)

    def _ask(self, connection, method, path, body=None):
        text = None if body is None else json.dumps(body)
        connection.request(method, path, text, self._headers)
        answer = connection.getresponse()
        data = answer.read(ANSWER_LIMIT_BYTES)
        if not 200 <= answer.status <= 299:
            raise OSError(f"The control plane answers {answer.status}.")
        return json.loads(data) if data else {}
