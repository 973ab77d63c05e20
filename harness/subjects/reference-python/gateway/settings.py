"""The gateway's settings, all from the environment. A bad value ends the start with one sentence
that names the variable. AWS_ENDPOINT_URL_BEDROCK_RUNTIME, AWS_REGION and credentials are read by
botocore itself; they are looked at here only to know whether the endpoint is a fake one."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

LOG_LEVELS = ("critical", "error", "warning", "info", "debug")
CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_BEARER_TOKEN_BEDROCK")
# pino's names, so that one setting serves both reference gateways.
LOG_LEVEL_ALIASES = {"fatal": "critical", "warn": "warning", "trace": "debug", "silent": "critical"}


class SettingsError(ValueError):
    pass


@dataclass(frozen=True, slots=True)
class Settings:
    host: str
    port: int
    api_keys: tuple[str, ...]
    log_level: int
    aws_region: str
    # The real service has no plain HTTP; an endpoint with it is a fake one, on this machine or near.
    is_bedrock_plain: bool
    uses_dummy_credentials: bool
    # None means Google's own endpoint of the location, over TLS, with real credentials.
    vertex_endpoint: str | None
    vertex_port: int
    project: str
    location: str
    # Postgres; None means SQLite.
    database_url: str | None
    # Path of the SQLite file; None means a temporary one that is removed at the end.
    ledger_path: str | None
    # Billable events that may be queued or in flight; 0 means no bound, at the risk of memory.
    billing_queue_limit: int
    # Texts of one embedding call at most; None suits them to the memory that is free.
    texts_per_call: int | None
    leak: str | None


def read_settings(env: Mapping[str, str]) -> Settings:
    api_keys = tuple(key.strip() for key in env.get("API_KEYS", "leakbed").split(","))
    if "" in api_keys:
        raise refused("API_KEYS", env.get("API_KEYS", ""), "a comma-separated list")
    endpoint = env.get("AWS_ENDPOINT_URL_BEDROCK_RUNTIME") or env.get("AWS_ENDPOINT_URL") or ""
    is_plain = urlsplit(endpoint).scheme == "http"
    return Settings(
        host=env.get("HOST", "127.0.0.1"),
        port=whole_number(env, "PORT", 0, 65_535),
        api_keys=api_keys,
        log_level=log_level(env.get("LOG_LEVEL", "warning")),
        aws_region=env.get("AWS_REGION", "us-east-1"),
        is_bedrock_plain=is_plain,
        # Whoever brings credentials means to use them.
        uses_dummy_credentials=is_plain and not any(name in env for name in CREDENTIALS),
        vertex_endpoint=env.get("VERTEX_API_ENDPOINT"),
        vertex_port=whole_number(env, "VERTEX_PORT", 443, 65_535),
        project=env.get("GOOGLE_CLOUD_PROJECT", "leakbed"),
        location=env.get("GOOGLE_CLOUD_LOCATION", "us-central1"),
        database_url=postgres_url(env.get("DATABASE_URL") or None),
        ledger_path=env.get("LEDGER") or None,
        billing_queue_limit=whole_number(env, "BILLING_QUEUE_LIMIT", 1000, 2**53),
        texts_per_call=whole_number(env, "EMBEDDING_TEXTS_PER_CALL", 0, 2048) or None,
        leak=env.get("LEAKBED_LEAK") or None,
    )


def log_level(name: str) -> int:
    level = LOG_LEVEL_ALIASES.get(name, name)
    if level not in LOG_LEVELS:
        raise refused("LOG_LEVEL", name, f"one of {', '.join(LOG_LEVELS)}")
    return logging.getLevelNamesMapping()[level.upper()]


def postgres_url(url: str | None) -> str | None:
    """The usual form of the URL, for SQLAlchemy's asynchronous driver."""
    if url is None:
        return None
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in ("postgres", "postgresql", "postgresql+asyncpg"):
        raise SettingsError(
            "Cannot start the gateway with DATABASE_URL: it must begin with postgresql://."
        )
    return f"postgresql+asyncpg://{rest}"


def whole_number(env: Mapping[str, str], name: str, fallback: int, maximum: int) -> int:
    raw = env.get(name, "")
    if raw == "":
        return fallback
    if raw.isascii() and raw.isdigit() and int(raw) <= maximum:
        return int(raw)
    raise refused(name, raw, f"a whole number from 0 to {maximum}")


def refused(name: str, value: str, allowed: str) -> SettingsError:
    return SettingsError(f"Cannot start the gateway with {name}={value}: it must be {allowed}.")
