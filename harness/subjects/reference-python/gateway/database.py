"""API keys and the ledger, in Postgres where DATABASE_URL is set, in SQLite otherwise. The request
id is the ledger's primary key, so an event that is delivered twice is billed once.
Source: https://docs.sqlalchemy.org/en/21/orm/extensions/asyncio.html"""

import tempfile
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import bindparam, event, exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from .api_keys import digest
from .core import TokenUsage
from .settings import Settings, SettingsError

POOL = {"pool_size": 5, "max_overflow": 0, "pool_timeout": 10}
# Ids of so many written rows are remembered, to refuse a request that repeats one of them.
KNOWN_IDS = 200


class Table(DeclarativeBase):
    pass


class ApiKey(Table):
    """Digests instead of keys: who reads the database cannot use them."""

    __tablename__ = "api_keys"
    digest: Mapped[str] = mapped_column(primary_key=True)


class LedgerRow(Table):
    __tablename__ = "ledger"
    request_id: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str]
    input_tokens: Mapped[int]
    output_tokens: Mapped[int]
    is_estimated: Mapped[int]
    written_at: Mapped[str] = mapped_column(default=lambda: datetime.now(UTC).isoformat())


KEY_EXISTS = select(exists().where(ApiKey.digest == bindparam("digest")))


class Database:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        insert = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}[engine.name]
        self._insert_key = insert(ApiKey).on_conflict_do_nothing()
        self._insert_row = insert(LedgerRow).on_conflict_do_nothing()
        self._known_ids: deque[str] = deque(maxlen=KNOWN_IDS)

    async def has_key(self, name: str) -> bool:
        async with self._engine.connect() as connection:
            return bool(await connection.scalar(KEY_EXISTS, {"digest": name}))

    def has_billed(self, request_id: str) -> bool:
        """As far as is known here: no request waits for the database."""
        return request_id in self._known_ids

    async def record(self, request_id: str, model: str, usage: TokenUsage) -> None:
        row = {
            "request_id": request_id,
            "model": model,
            "input_tokens": usage.input_tokens,
            "output_tokens": usage.output_tokens,
            "is_estimated": int(usage.is_estimated),
        }
        async with self._engine.begin() as connection:
            await connection.execute(self._insert_row, row)
        self._known_ids.append(request_id)

    async def add_keys(self, digests: Sequence[str]) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(self._insert_key, [{"digest": name} for name in digests])

    async def create_tables(self) -> None:
        async with self._engine.begin() as connection:
            await connection.run_sync(Table.metadata.create_all)


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncGenerator[Database, None]:
    """A ledger in memory would grow with every request and look like the leak that this gateway
    must not have; without a path it lies in a temporary file, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="leakbed-ledger-") as folder:
        path = settings.ledger_path or str(Path(folder, "ledger.sqlite"))
        engine = open_engine(settings.database_url, path)
        try:
            database = Database(engine)
            try:
                await database.create_tables()
                await database.add_keys([digest(key) for key in settings.api_keys])
            except (SQLAlchemyError, OSError) as error:
                where = "DATABASE_URL" if settings.database_url else f"ledger {path}"
                reason = getattr(error, "orig", None) or error
                raise SettingsError(
                    f"Cannot open {where}: {reason}. Is the server up, the folder writable?"
                ) from error
            yield database
        finally:
            await engine.dispose()


def open_engine(database_url: str | None, path: str) -> AsyncEngine:
    if database_url is not None:
        return create_async_engine(database_url, pool_pre_ping=True, **POOL)
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", **POOL)

    # WAL lets others read the ledger while it is written.
    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection, _record) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "busy_timeout = 1000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine
