"""The door to the database: what it promises, and how it says no."""

import asyncio
import socket
import threading
import traceback
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from memory import Memory, Unkept, WrongDatabase, open_database, open_memory
from memory.sql.database import Database
from memory.sql.inbox import Inbox
from memory.sql.tables import contacts, messages
from tests.conftest import Clock

from .contract import MemoryContract, OnPostgres, OnSqlite
from .letters import MORNING, begin, wrote

SECRET_WORDS = "ma fille est malade"


async def pragma(memory: Memory, name: str) -> object:
    async with memory.database.read() as connection:
        return (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()


class DatabaseContract(MemoryContract):
    async def test_what_fails_halfway_leaves_nothing(self, memory: Memory) -> None:
        async def half_done() -> None:
            async with memory.database.write() as connection:
                await connection.execute(
                    contacts.insert().values(name="X", created_at=MORNING)
                )
                raise LookupError

        with pytest.raises(LookupError):
            await half_done()

        async with memory.database.read() as connection:
            rows = await connection.execute(sa.select(contacts))
            assert rows.all() == []

    async def test_changes_made_at_once_are_all_counted(
        self, memory: Memory, neighbour: Memory
    ) -> None:
        conversation = await begin(memory)

        await asyncio.gather(
            *(each.inbox.take(conversation.id) for each in [memory, neighbour] * 10)
        )

        [message] = await memory.inbox.waiting(conversation.id)
        assert message.attempts == 20

    async def test_a_reference_to_nothing_is_refused_without_quoting_anybody(
        self, memory: Memory
    ) -> None:
        conversation = await begin(memory)
        row = {
            "key": SECRET_WORDS,
            "conversation_id": conversation.id + 1,
            "text": SECRET_WORDS,
            "sent_at": MORNING,
            "received_at": MORNING,
            "correlation_id": "c",
        }

        with pytest.raises(IntegrityError) as refusal:
            async with memory.database.write() as connection:
                await connection.execute(messages.insert().values(**row))

        assert SECRET_WORDS not in "".join(traceback.format_exception(refusal.value))

    async def test_an_open_database_answers(self, memory: Memory) -> None:
        await memory.database.ping()

    async def test_what_was_kept_is_there_when_it_is_opened_again(
        self, url: str, clock: Clock
    ) -> None:
        async with open_memory(url, now=clock) as first:
            conversation = await begin(first, wrote("Bonjour"))

        async with open_memory(url, now=clock) as second:
            [message] = await second.inbox.waiting(conversation.id)

        assert message.text == "Bonjour"


class TestDatabaseOnSqlite(OnSqlite, DatabaseContract):
    async def test_a_promise_survives_a_power_cut(self, memory: Memory) -> None:
        assert await pragma(memory, "journal_mode") == "wal"
        assert await pragma(memory, "synchronous") == 2  # FULL
        assert await pragma(memory, "foreign_keys") == 1
        assert isinstance(await pragma(memory, "busy_timeout"), int)

    async def test_only_one_process_takes_turns_on_a_file(
        self, memory: Memory, neighbour: Memory
    ) -> None:
        with (
            memory.database.sole_worker(),
            pytest.raises(WrongDatabase, match="postgresql"),
            neighbour.database.sole_worker(),
        ):
            pytest.fail("two of them work")

        with neighbour.database.sole_worker():
            await neighbour.database.ping()

    async def test_a_database_in_a_new_folder_is_made(
        self, tmp_path: Path, clock: Clock
    ) -> None:
        url = f"sqlite:///{tmp_path}/not/yet/gust.db"

        async with open_memory(url, now=clock) as memory:
            assert memory.database.is_embedded

        assert (tmp_path / "not/yet/gust.db").is_file()


class TestDatabaseOnPostgres(OnPostgres, DatabaseContract):
    async def test_our_tables_are_in_a_schema_of_our_own(self, memory: Memory) -> None:
        async with memory.database.read() as connection:
            found = await connection.exec_driver_sql(
                "SELECT DISTINCT schemaname FROM pg_tables"
                " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            )
            assert found.scalars().all() == ["gust"]

    async def test_many_processes_may_take_turns_on_a_server(
        self, memory: Memory, neighbour: Memory
    ) -> None:
        with memory.database.sole_worker(), neighbour.database.sole_worker():
            await memory.database.ping()


@pytest.mark.parametrize("url", ["mysql://localhost/x", "not a url", "", "oracle://x"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(WrongDatabase, match="DATABASE_URL"):
        open_database(url)


def test_a_refused_url_is_not_repeated() -> None:
    with pytest.raises(WrongDatabase) as refusal:
        open_database("mysql://me:hunter2@localhost/x")

    assert "hunter2" not in str(refusal.value)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where a folder should be")

    with pytest.raises(WrongDatabase, match=r"its folder cannot be made.*DATABASE_URL"):
        open_database(f"sqlite:///{tmp_path}/var/here/gust.db")


async def test_a_full_disk_is_told_with_its_cure(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/gust.db")

    with pytest.raises(Unkept, match="its disk is full; make room on it"):
        await fill(database)

    await database.close()


async def fill(database: Database) -> None:
    async with database.write() as connection:
        await connection.exec_driver_sql("PRAGMA max_page_count = 2")
        await connection.exec_driver_sql("CREATE TABLE letters (words BLOB)")
        await connection.exec_driver_sql("INSERT INTO letters VALUES (zeroblob(99999))")


async def test_a_file_that_cannot_be_opened_keeps_nothing_and_says_so(
    tmp_path: Path,
) -> None:
    database = open_database(f"sqlite:///{tmp_path}")  # a folder is no database

    with pytest.raises(Unkept, match=f"{tmp_path} cannot be used: it cannot be opened"):
        await database.ping()

    await database.close()
    for thread in threading.enumerate():
        # aiosqlite does not wait for the thread of a connection that failed.
        if "_connection_worker" in thread.name:
            thread.join(timeout=2)


@pytest.fixture
def nobody_there() -> Database:
    """A Postgres address at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return open_database(f"postgresql://me:hunter2@127.0.0.1:{port}/gust")


async def test_a_server_that_is_away_keeps_nothing_and_says_so(
    nobody_there: Database,
) -> None:
    with pytest.raises(Unkept):
        await nobody_there.ping()
    with pytest.raises(Unkept):
        async with nobody_there.write() as connection:
            await connection.execute(sa.select(1))


async def test_an_outage_quotes_neither_the_message_nor_the_password(
    nobody_there: Database, clock: Clock
) -> None:
    with pytest.raises(Unkept) as outage:
        await Inbox(nobody_there, clock).receive(wrote(SECRET_WORDS))

    printed = "".join(traceback.format_exception(outage.value))
    assert SECRET_WORDS not in printed
    assert "hunter2" not in printed
    assert "parameters" not in printed


async def test_an_outage_names_the_place_and_the_cure(nobody_there: Database) -> None:
    port = nobody_there.engine.url.port

    with pytest.raises(Unkept) as outage:
        await nobody_there.ping()

    assert str(outage.value) == (
        f'the database "gust" at 127.0.0.1:{port} cannot be used: nobody listens'
        " there; start it, or correct DATABASE_URL"
    )


async def test_a_password_that_was_read_as_a_host_is_not_shown() -> None:
    database = open_database("postgresql://me:hun@ter2@127.0.0.1:1/gust")

    with pytest.raises(Unkept) as outage:
        await database.ping()

    assert '"gust" at 127.0.0.1:1 ' in str(outage.value)
    assert "ter2" not in str(outage.value)


async def test_a_database_that_the_server_has_not_is_told(empty_postgres: str) -> None:
    there = sa.engine.make_url(empty_postgres).set(database="no_such")
    database = open_database(there.render_as_string(hide_password=False))

    with pytest.raises(Unkept, match=r'"no_such" at .*no such database'):
        await database.ping()
    await database.close()


async def test_a_server_that_goes_away_meanwhile_keeps_nothing_and_says_so(
    empty_postgres: str, clock: Clock
) -> None:
    async with open_memory(empty_postgres, now=clock) as memory:

        async def cut_off() -> None:
            async with memory.database.write() as connection:
                await connection.execute(
                    contacts.insert().values(name="X", created_at=clock.now)
                )
                await connection.exec_driver_sql(
                    "SELECT pg_terminate_backend(pg_backend_pid())"
                )

        with pytest.raises(Unkept):
            await cut_off()

        await memory.database.ping()  # a new connection is made by itself
        async with memory.database.read() as connection:
            assert (await connection.execute(sa.select(contacts))).all() == []


def test_no_part_of_a_password_that_breaks_the_url_is_told() -> None:
    database = open_database("postgresql://u:se@kret/more@127.0.0.1:5432/db")

    assert "kret" not in database.place
    assert "more" not in database.place
