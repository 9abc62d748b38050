"""Temporary pages: open to whoever holds the link, until they expire."""

from datetime import timedelta

import sqlalchemy as sa

from memory import Memory
from memory.records import NewPage
from memory.sql.tables import pages
from tests.conftest import Clock

from .contract import MemoryContract, OnPostgres, OnSqlite
from .letters import MORNING, begin

TOKEN = "an-unguessable-token"


def page(*, key: str = "m1:page", token: str = TOKEN, **more: int) -> NewPage:
    return NewPage(
        key=key,
        token=token,
        title="Horaires",
        body_markdown="# Le samedi",
        created_by="parent:1",
        expires_at=MORNING + timedelta(hours=72),
        conversation_id=more.get("conversation_id"),
    )


class PagesContract(MemoryContract):
    async def test_a_page_opens_with_its_token(self, memory: Memory) -> None:
        assert await memory.pages.add(page())

        found = await memory.pages.by_token(TOKEN)

        assert found is not None
        assert found.title == "Horaires"
        assert found.body_markdown == "# Le samedi"
        assert found.created_by == "parent:1"
        assert found.created_at == MORNING
        assert await memory.pages.by_token(TOKEN + "x") is None

    async def test_only_a_hash_of_the_token_is_kept(self, memory: Memory) -> None:
        await memory.pages.add(page())

        async with memory.database.read() as connection:
            row = (await connection.execute(sa.select(pages))).one()

        assert TOKEN not in str(tuple(row))
        assert len(row.token_hash) == 64

    async def test_the_hash_opens_nothing(self, memory: Memory) -> None:
        await memory.pages.add(page())
        async with memory.database.read() as connection:
            row = (await connection.execute(sa.select(pages))).one()

        assert await memory.pages.by_token(row.token_hash) is None

    async def test_the_same_call_makes_the_page_once(self, memory: Memory) -> None:
        await memory.pages.add(page())

        assert not await memory.pages.add(page())

        assert len(await memory.pages.all()) == 1

    async def test_a_page_expires(self, memory: Memory) -> None:
        await memory.pages.add(page())
        found = await memory.pages.by_token(TOKEN)
        assert found is not None

        assert found.is_open_at(found.expires_at - timedelta(seconds=1))
        assert not found.is_open_at(found.expires_at)

    async def test_a_revoked_page_is_closed_at_once(
        self, memory: Memory, clock: Clock
    ) -> None:
        await memory.pages.add(page())
        [added] = await memory.pages.all()

        assert await memory.pages.revoke(added.id)
        assert not await memory.pages.revoke(added.id)

        found = await memory.pages.by_token(TOKEN)
        assert found is not None
        assert found.revoked_at == clock.now
        assert not found.is_open_at(clock.now)

    async def test_a_page_that_never_was_cannot_be_revoked(
        self, memory: Memory
    ) -> None:
        assert not await memory.pages.revoke(1)

    async def test_pages_are_listed_newest_first(self, memory: Memory) -> None:
        for key in ("a", "b", "c"):
            await memory.pages.add(page(key=key, token=f"token-{key}"))

        ids = [each.id for each in await memory.pages.all()]

        assert ids == sorted(ids, reverse=True)

    async def test_pages_are_counted_by_conversation(self, memory: Memory) -> None:
        conversation = await begin(memory)
        await memory.pages.add(page(conversation_id=conversation.id))
        await memory.pages.add(page(key="k2", token="t2"))

        assert await memory.pages.count(conversation.id) == 1


class TestPagesOnSqlite(OnSqlite, PagesContract):
    """One process, one file."""


class TestPagesOnPostgres(OnPostgres, PagesContract):
    """Several machines, one server."""
