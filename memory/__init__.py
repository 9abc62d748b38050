"""What is remembered, and the trays where messages wait: the ground of the house."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from .attachments import Attachments
from .engine import Drain, InProcessEngine, TurnEngine
from .errors import MemoryFault, RedisAway, Unkept, WrongDatabase
from .files import FilesSettings, open_files, read_files
from .live import Live, News
from .sql.attachments import AttachmentRows
from .sql.codes import Codes
from .sql.database import Database, open_database
from .sql.handoffs import Handoffs
from .sql.inbox import Inbox
from .sql.migrate import check_schema, migrate
from .sql.outbox import Outbox
from .sql.pages import Pages
from .sql.people import Audit, StaffList
from .sql.sessions import Sessions
from .sql.spending import Spending
from .sql.turns import Turns
from .sql.veils import Veils

__all__ = [
    "Drain",
    "FilesSettings",
    "InProcessEngine",
    "Live",
    "Memory",
    "MemoryFault",
    "News",
    "RedisAway",
    "TurnEngine",
    "Unkept",
    "WrongDatabase",
    "migrate",
    "open_database",
    "open_memory",
    "read_files",
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
    handoffs: Handoffs
    pages: Pages
    attachments: Attachments
    staff: StaffList
    audit: Audit
    spending: Spending
    veils: Veils
    live: Live


@asynccontextmanager
async def open_memory(
    url: str,
    *,
    now: Callable[[], datetime],
    session_minutes: int = 30,
    live: Live | None = None,
    files: FilesSettings | None = None,
) -> AsyncGenerator[Memory]:
    """The memory at a database URL. An embedded database is migrated first.

    Without `files` they would be kept in `var/files`, and no link to them be made.

    Raises:
        WrongDatabase: the URL or the schema cannot serve.
        Unkept: the database cannot be reached.
    """
    database = open_database(url)
    try:
        if database.is_embedded:
            await migrate(database)
        await check_schema(database)
        yield Memory(
            database=database,
            inbox=Inbox(database, now),
            outbox=Outbox(database, now),
            turns=Turns(database, now),
            sessions=Sessions(database, now, minutes=session_minutes),
            codes=Codes(database, now),
            handoffs=Handoffs(database, now),
            pages=Pages(database, now),
            attachments=Attachments(
                AttachmentRows(database, now),
                open_files(files or FilesSettings(), now=now),
            ),
            staff=StaffList(database, now),
            audit=Audit(database, now),
            spending=Spending(database, now),
            veils=Veils(database),
            live=live or Live(),
        )
    finally:
        await database.close()
