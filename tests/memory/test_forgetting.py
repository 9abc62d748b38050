"""The right of access and the right to be forgotten, over every table there is."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from memory import FilesSettings, Memory, Stores, open_memory
from memory.records import (
    Conversation,
    ModelCall,
    NewPage,
    NewTurn,
    ParentIdentity,
    Service,
    ToolCall,
    ToolOutcome,
    VeiledValue,
)
from memory.sql.database import Database
from memory.sql.tables import metadata
from tests.conftest import Clock

from .contract import MemoryContract, OnPostgres, OnSqlite
from .file_samples import PDF
from .filling import everything
from .letters import MORNING, answer, begin, receive, wrote

PHONE, CODE, NAME = "+221770004242", "CNRY-CODE", "Cnrynom Cnryprenom"
CHILD, WORDS, REPLY = "Cnryenfant", "cnrymots", "cnryreponse"
OF_NOBODY = {"staff", "documents", "document_sync"}  # who writes
CANARIES = ("cnry", "221770004242")


async def live(memory: Memory, clock: Clock) -> Conversation:
    """A contact who leaves something in every table."""
    alias = f"whatsapp:{PHONE}"
    letter = wrote(
        WORDS,
        key=f"wa:{PHONE}:1",
        by=alias,
        channel="whatsapp",
        address=PHONE,
        name=NAME,
    )
    conversation = await begin(memory, letter)
    contact = conversation.contact_id
    parent = ParentIdentity(profile="parent", code=CODE, name=NAME)
    await memory.sessions.prove(contact, parent)
    await memory.codes.attempt(contact, key=f"wa:{PHONE}:1:x", right=True)
    await memory.veils.keep(
        conversation.id,
        [
            VeiledValue(token="ENFANT_1", kind="child", value=CHILD),
            VeiledValue(token="TELEPHONE_1", kind="phone", value=PHONE),
        ],
    )
    call = ToolCall(name="t", arguments={"child": CHILD}, outcome=ToolOutcome.OK)
    turn = NewTurn(
        started_at=MORNING,
        provider="zai",
        service=Service.CATECHESE,
        correlation_id="c",
        tools=(call,),
        history=json.dumps([WORDS]),
        replies=(REPLY,),
    )
    waiting = await memory.inbox.take(conversation.id)
    await memory.turns.finish(conversation, waiting, turn)
    await memory.spending.note(conversation.id, "c", [spent(clock)])
    await memory.handoffs.request(
        conversation.id, key=f"wa:{PHONE}:h", reason=WORDS, urgent=False, card=None
    )
    await memory.pages.add(page_of(conversation, clock))
    [page] = await memory.pages.all()
    await memory.attachments.add(f"{CHILD}.pdf", PDF, page_id=page.id)
    await memory.attachments.add(f"{CHILD}.txt", WORDS.encode(), contact_id=contact)
    await memory.audit.note(contact, "find_people", {"words": WORDS}, ToolOutcome.OK)
    return conversation


def spent(clock: Clock) -> ModelCall:
    return ModelCall(
        at=clock.now,
        provider="zai",
        model="m",
        account="a",
        outcome="ok",
        duration_ms=1,
    )


def page_of(conversation: Conversation, clock: Clock) -> NewPage:
    return NewPage(
        key=f"wa:{PHONE}:p",
        token="t",
        title=CHILD,
        body_markdown=WORDS,
        created_by="concierge",
        expires_at=clock.now,
        conversation_id=conversation.id,
    )


async def spoken_of(memory: Memory) -> Conversation:
    """An admin who looked for the contact, and a namesake of their child."""
    letter = wrote(f"cherche {NAME.upper()} ou {PHONE}", by="telegram:900")
    conversation = await begin(memory, letter)
    waiting = await memory.inbox.take(conversation.id)
    found = answer(f"{NAME}, code {CODE}, tél. {PHONE}", "Awa Diop, +221770000001")
    await memory.turns.finish(conversation, waiting, found)
    arguments = {"words": f"{NAME} {PHONE}"}
    contact = conversation.contact_id
    await memory.audit.note(contact, "find_people", arguments, ToolOutcome.OK)
    return conversation


def bytes_in(folder: Path) -> bytes:
    """The database and what SQLite keeps beside it."""
    files = [*folder.glob("gust.db*")]
    assert files
    return b"".join(file.read_bytes() for file in files).lower()


def contents(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in folder.rglob("*") if file.is_file()]


async def text_of_everything(database: Database) -> str:
    async with database.read() as connection:
        rows = await connection.run_sync(everything)
    return json.dumps(rows, default=str, ensure_ascii=False)


class ForgettingContract(MemoryContract):
    @pytest.fixture
    async def memory(
        self, url: str, clock: Clock, tmp_path: Path
    ) -> AsyncGenerator[Memory]:
        stores = Stores(files=FilesSettings(folder=tmp_path / "files"))
        async with open_memory(url, now=clock, stores=stores) as opened:
            yield opened

    async def test_a_contact_leaves_something_in_every_table(
        self, memory: Memory, clock: Clock
    ) -> None:
        """Otherwise the next tests would prove nothing of a new table."""
        await live(memory, clock)

        async with memory.database.read() as connection:
            rows = await connection.run_sync(everything)
        empty = {table for table, found in rows.items() if not found}
        assert empty <= OF_NOBODY

    async def test_no_byte_of_a_forgotten_contact_is_left_in_any_table(
        self, memory: Memory, clock: Clock
    ) -> None:
        conversation = await live(memory, clock)
        admin = await spoken_of(memory)

        gone = await memory.forgetting.forget(conversation.contact_id)

        left = (await text_of_everything(memory.database)).casefold()
        assert [canary for canary in CANARIES if canary in left] == []
        assert gone.keys() >= {"messages", "turns", "veils", "model_calls", "audit"}
        assert await memory.inbox.contact_of(f"whatsapp:{PHONE}") is None
        [turn] = await memory.turns.recent(admin.id, at_most=9)
        assert turn.replies == (
            "[effacé], code [effacé], tél. [effacé]",
            "Awa Diop, +221770000001",
        )

    async def test_a_phone_number_is_gone_however_others_wrote_it(
        self, memory: Memory, clock: Clock
    ) -> None:
        conversation = await live(memory, clock)
        other = await begin(
            memory,
            wrote(
                "77 000 42 42, +221 77-000-42-42, 00221 770004242, 77.000.42.43,"
                " 1770004242",
                by="telegram:5",
            ),
        )

        await memory.forgetting.forget(conversation.contact_id)

        [left] = (await memory.forgetting.export(other.contact_id))["messages"]
        assert left["text"] == (
            "[effacé], [effacé], [effacé], 77.000.42.43, 1770004242"
        )

    async def test_the_audit_still_tells_what_was_done_but_not_by_whom(
        self, memory: Memory, clock: Clock
    ) -> None:
        conversation = await live(memory, clock)

        await memory.forgetting.forget(conversation.contact_id)

        [entry] = await memory.audit.all()
        assert (entry.tool, entry.arguments, entry.contact_id) == (
            "find_people",
            "{}",
            None,
        )
        async with memory.database.read() as connection:
            rows = await connection.run_sync(everything)
        assert rows["audit"][0]["pseudonym"].startswith("oublié-")

    async def test_nobody_else_loses_anything(
        self, memory: Memory, clock: Clock
    ) -> None:
        other = await begin(memory, wrote("Je suis son amie", by="telegram:5"))
        same_name = ParentIdentity(profile="parent", code="ZZ-1", name=NAME)
        await memory.sessions.prove(other.contact_id, same_name)
        before = await memory.forgetting.export(other.contact_id)
        conversation = await live(memory, clock)

        await memory.forgetting.forget(conversation.contact_id)

        assert await memory.forgetting.export(other.contact_id) == before

    async def test_their_files_are_nobodys_at_once_and_deleted_by_the_next_sweep(
        self, memory: Memory, clock: Clock, tmp_path: Path
    ) -> None:
        conversation = await live(memory, clock)
        other = await begin(memory, wrote("bonjour", by="telegram:5"))
        kept = await memory.attachments.add(
            "autre.txt", b"of another", contact_id=other.contact_id
        )

        gone = await memory.forgetting.forget(conversation.contact_id)

        assert gone["attachments"] == 2
        assert await memory.attachments.all() == [kept]
        assert len(contents(tmp_path / "files")) == 3
        assert await memory.attachments.sweep() == 2
        assert contents(tmp_path / "files") == [b"of another"]

    async def test_everything_of_a_contact_is_given_out_and_nothing_of_others(
        self, memory: Memory, clock: Clock
    ) -> None:
        conversation = await live(memory, clock)
        await begin(memory, wrote("secret of another", by="telegram:5"))

        given = await memory.forgetting.export(conversation.contact_id)

        told = json.dumps(given, ensure_ascii=False)
        for value in (PHONE, CODE, NAME, CHILD, WORDS, REPLY):
            assert value in told
        assert "another" not in told
        assert given.keys() == {t.name for t in metadata.sorted_tables} - OF_NOBODY

    async def test_a_turn_that_was_running_keeps_nothing_of_who_was_forgotten(
        self, memory: Memory, clock: Clock
    ) -> None:
        conversation = await begin(memory, wrote(WORDS))
        waiting = await memory.inbox.take(conversation.id)
        await memory.forgetting.forget(conversation.contact_id)

        assert await memory.turns.finish(conversation, waiting, answer(REPLY)) is None
        assert await memory.inbox.hold(conversation) == 0

    async def test_who_was_forgotten_and_writes_again_is_new(
        self, memory: Memory, clock: Clock
    ) -> None:
        conversation = await live(memory, clock)
        await memory.forgetting.forget(conversation.contact_id)

        again = await receive(memory, wrote("Bonjour", by=f"whatsapp:{PHONE}"))

        met = await memory.inbox.conversation(again.conversation_id)
        assert (await memory.sessions.of(met.contact_id)).parents == ()

    async def test_every_reference_to_a_contact_is_followed(self) -> None:
        """A table that no reference leads to is of nobody who writes."""
        of_nobody = {
            table.name for table in metadata.sorted_tables if not table.foreign_keys
        }
        assert of_nobody == {"contacts", *OF_NOBODY}


class TestForgettingOnSqlite(OnSqlite, ForgettingContract):
    async def test_nothing_is_left_in_the_file_either(
        self, memory: Memory, clock: Clock, tmp_path: Path
    ) -> None:
        conversation = await live(memory, clock)
        await memory.forgetting.forget(conversation.contact_id)

        left = bytes_in(tmp_path)
        assert [canary for canary in CANARIES if canary.encode() in left] == []


class TestForgettingOnPostgres(OnPostgres, ForgettingContract):
    """The same on a server; what a backup holds is the backup's."""
