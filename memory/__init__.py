"""What is remembered, and the trays where messages wait: the ground of the house."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from .attachments import Attachments
from .engine import Drain, InProcessEngine, TurnEngine
from .errors import FilesAway, MemoryFault, RedisAway, Unkept, WrongDatabase
from .files import FilesSettings, open_files
from .live import Live, News
from .rates import Rates
from .shared import NOTHING_SHARED, Shared, open_shared
from .sql.attachments import AttachmentRows
from .sql.codes import Codes
from .sql.database import Database, open_database
from .sql.documents import DocumentShelf
from .sql.forgetting import Forgetting
from .sql.grants import Grants
from .sql.handoffs import Handoffs
from .sql.inbox import Inbox
from .sql.migrate import check_schema, go_back, migrate
from .sql.outbox import Outbox
from .sql.pages import Pages
from .sql.people import Audit, StaffList
from .sql.sessions import Sessions
from .sql.spending import Spending
from .sql.turns import Turns
from .sql.veils import Veils
from .stores import Stores, read_stores

__all__ = [
    "Drain",
    "FilesAway",
    "FilesSettings",
    "InProcessEngine",
    "Live",
    "Memory",
    "MemoryFault",
    "News",
    "RedisAway",
    "Stores",
    "TurnEngine",
    "Unkept",
    "WrongDatabase",
    "go_back",
    "migrate",
    "open_database",
    "open_memory",
    "read_stores",
]


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Everything that the house remembers, tray by tray."""

    database: Database
    inbox: Inbox
    outbox: Outbox
    turns: Turns
    sessions: Sessions
    codes: Codes
    grants: Grants
    handoffs: Handoffs
    pages: Pages
    attachments: Attachments
    staff: StaffList
    audit: Audit
    spending: Spending
    veils: Veils
    forgetting: Forgetting
    drive_shelf: DocumentShelf
    live: Live
    rates: Rates
    shared: Shared = NOTHING_SHARED

    @property
    def checks(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        """What we keep things in, by name: each raises when it is away."""
        redis = self.shared.link
        pings = {"database": self.database.ping}
        return {**pings, "redis": redis.ping} if redis else pings

    async def redis_answers(self) -> bool | None:
        """Whether Redis answers now; None: there is none."""
        redis = self.shared.link
        return await redis.answers() if redis else None


@asynccontextmanager
async def open_memory(
    url: str,
    *,
    now: Callable[[], datetime],
    session_minutes: int = 30,
    live: Live | None = None,
    stores: Stores | None = None,
) -> AsyncGenerator[Memory]:
    """The memory at a database URL. An embedded database is migrated first.

    Raises:
        WrongDatabase: the URL or the schema cannot serve.
        Unkept: the database cannot be reached.
        ValueError: the URL of Redis is not one.
    """
    stores = stores or Stores()
    async with AsyncExitStack() as stack:
        database = open_database(url, pool_size=stores.pool_size)
        stack.push_async_callback(database.close)
        if database.is_embedded:
            await migrate(database)
        await check_schema(database)
        shared = await stack.enter_async_context(
            open_shared(stores.redis_url, session_minutes=session_minutes)
        )
        turns = Turns(database, now)
        yield Memory(
            database=database,
            inbox=Inbox(database, now),
            outbox=Outbox(database, now),
            turns=turns,
            sessions=Sessions(
                database, now, minutes=session_minutes, slides=shared.slides
            ),
            codes=Codes(database, now),
            grants=Grants(database, now),
            handoffs=Handoffs(database, now),
            pages=Pages(database, now),
            attachments=Attachments(
                AttachmentRows(database, now),
                open_files(stores.files, now=now),
            ),
            staff=StaffList(database, now),
            audit=Audit(database, now),
            spending=Spending(database, now),
            veils=Veils(database),
            forgetting=Forgetting(database),
            live=live or shared.live or Live(),
            rates=Rates(turns, now, window=shared.window),
            shared=shared,
            drive_shelf=DocumentShelf(database, now, origin="drive"),
        )
