"""What names a billing event, by the rule of event-key.ts: the same events are poisoned or
delivered twice in every language, with nothing remembered about any of them."""

import json

NAMES = ("requestId", "request_id", "id", "jobId")
LONGEST_KEY = 4096
MASK = 0xFFFFFFFF


def event_key(event):
    """Its id where it carries one, else its text."""
    for name in NAMES:
        value = event.get(name) if isinstance(event, dict) else getattr(event, name, None)
        if isinstance(value, (str, int, float)):
            return str(value)
    if isinstance(event, str):
        return event[:LONGEST_KEY]
    try:
        return json.dumps(event, separators=(",", ":"), ensure_ascii=False)[:LONGEST_KEY]
    except (TypeError, ValueError, RecursionError):
        return "unreadable"


def is_one_in(nth, key):
    """True for one key in `nth`, decided by the key alone: mulberry32 of its FNV-1a hash."""
    return mulberry32(fnv1a(key)) * nth < 1


def fnv1a(text):
    code_units = text.encode("utf-16-le", "surrogatepass")
    value = 0x811C9DC5
    for at in range(0, len(code_units), 2):
        unit = code_units[at] | code_units[at + 1] << 8
        value = (value ^ unit) * 0x01000193 & MASK
    return value


def mulberry32(seed):
    state = (seed + 0x6D2B79F5) & MASK
    mixed = (state ^ state >> 15) * (state | 1) & MASK
    mixed ^= (mixed + ((mixed ^ mixed >> 7) * (mixed | 61) & MASK)) & MASK
    return ((mixed ^ mixed >> 14) & MASK) / 2**32
