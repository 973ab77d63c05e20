"""What every suite in Python shares: its setup, one JSON line for each cell of the table, and the
fake's own word for which operations it served and over which protocol."""

import json
import os
import re
import traceback
import urllib.request

setup = json.loads(os.environ["LEAKBED_SUITE"])
PROMPT = "[[leakbed chunks=4 bytes=25]] What is 1 + 1?"
TOOL_PROMPT = "[[leakbed chunks=4 bytes=25 tool=1]] What is the weather?"
THROTTLED = "[[leakbed fault=error;name=throttling]]"
# Three events come before the exception.
BROKEN = "[[leakbed chunks=4 bytes=25 fault=exception;at=3;name=throttling]]"
OUTPUT_TOKENS = 25
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


def equal(actual, expected):
    if actual != expected:
        raise AssertionError(f"{actual!r} instead of {expected!r}")


def check_text(text):
    if not re.fullmatch(r"[a-z ]{100}", text or ""):
        raise AssertionError(f"the text is not the script's 100 characters: {text!r}")


def check_tool_input(value):
    if not isinstance(value.get("city"), str):
        raise AssertionError(f"the tool's input is {value!r}")


async def refusal(work):
    try:
        await work()
    except Exception as error:
        return error
    raise AssertionError("was not refused")


class Cells:
    """One client at one door."""

    def __init__(self, client, version, door):
        self.row = {"client": client, "version": version, "door": door["name"]}
        self.door = door

    async def cell(self, operation, served, body):
        """Passes if the body does and the fake served exactly these operations meanwhile."""
        last = self._journal(0)["last"]
        detail = ""
        try:
            await body()
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            detail = f"{type(error).__name__}: {error} ({os.path.basename(place.filename)}:{place.lineno})"
        entries = self._journal(last)["entries"]
        transport = "+".join(sorted({entry["transport"] for entry in entries}))
        operations = [entry["operation"] for entry in entries]
        if not detail and operations != served:
            detail = f"served {operations} instead of {served}"
        self._say(operation, transport, "fail" if detail else "pass", " ".join(detail.split())[:300])

    def absent(self, operation, reason):
        self._say(operation, "", "n.a.", reason)

    def _say(self, operation, transport, outcome, detail):
        row = {"operation": operation, "transport": transport, "outcome": outcome, "detail": detail}
        print(json.dumps({**self.row, **row}), flush=True)

    def _journal(self, since):
        with urllib.request.urlopen(f"{self.door['journalUrl']}?since={since}", timeout=10) as answer:
            return json.load(answer)
