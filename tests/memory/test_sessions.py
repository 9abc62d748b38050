"""Sessions: what was proved lasts as long as the contact keeps writing."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from memory import Memory, open_memory
from memory.records import ParentIdentity, Session
from tests.conftest import Clock

from .contract import MemoryContract, OnPostgres, OnSqlite
from .letters import begin, wrote

MARIE = ParentIdentity(profile="parent", code="XY-0001", name="Marie Test")


@pytest.fixture
async def contact(memory: Memory) -> int:
    return (await begin(memory)).contact_id


class SessionsContract(MemoryContract):
    async def test_a_new_contact_has_proved_nothing(
        self, memory: Memory, contact: int
    ) -> None:
        assert await memory.sessions.of(contact) == Session(contact_id=contact)
        assert await memory.sessions.touch(contact) == Session(contact_id=contact)

    async def test_a_proved_parent_is_remembered(
        self, memory: Memory, contact: int, clock: Clock
    ) -> None:
        proved = await memory.sessions.prove(contact, MARIE)

        assert proved.parent == MARIE
        assert proved.expires_at == clock.now + timedelta(minutes=30)
        assert await memory.sessions.of(contact) == proved

    async def test_a_session_is_of_one_contact_only(
        self, memory: Memory, contact: int
    ) -> None:
        other = (await begin(memory, wrote(by="telegram:2"))).contact_id

        await memory.sessions.prove(contact, MARIE)

        assert (await memory.sessions.of(other)).parent is None

    async def test_a_session_slides_with_each_message(
        self, memory: Memory, contact: int, clock: Clock
    ) -> None:
        await memory.sessions.prove(contact, MARIE)

        for _ in range(3):
            clock.forward(minutes=29)
            assert (await memory.sessions.touch(contact)).parent == MARIE

    async def test_a_session_that_is_only_read_does_not_slide(
        self, memory: Memory, contact: int, clock: Clock
    ) -> None:
        await memory.sessions.prove(contact, MARIE)
        clock.forward(minutes=29)
        await memory.sessions.of(contact)

        clock.forward(minutes=2)

        assert (await memory.sessions.of(contact)).parent is None

    async def test_a_session_expires_for_good(
        self, memory: Memory, contact: int, clock: Clock
    ) -> None:
        await memory.sessions.prove(contact, MARIE)
        await memory.sessions.set_admin_mode(contact, on=True)

        clock.forward(minutes=30)
        touched = await memory.sessions.touch(contact)

        assert touched == Session(contact_id=contact)
        assert await memory.sessions.of(contact) == touched

    async def test_what_expired_does_not_come_back_with_a_new_proof(
        self, memory: Memory, contact: int, clock: Clock
    ) -> None:
        await memory.sessions.prove(contact, MARIE)
        clock.forward(hours=1)

        session = await memory.sessions.set_admin_mode(contact, on=True)

        assert session.parent is None
        assert session.admin_mode

    async def test_admin_mode_and_a_proof_live_side_by_side(
        self, memory: Memory, contact: int
    ) -> None:
        await memory.sessions.prove(contact, MARIE)
        await memory.sessions.set_admin_mode(contact, on=True)
        session = await memory.sessions.of(contact)
        assert session.admin_mode
        assert session.parent == MARIE

        await memory.sessions.set_admin_mode(contact, on=False)

        session = await memory.sessions.of(contact)
        assert not session.admin_mode
        assert session.parent == MARIE

    async def test_an_ended_session_proves_nothing_and_says_when_it_ended(
        self, memory: Memory, contact: int, clock: Clock
    ) -> None:
        await memory.sessions.prove(contact, MARIE)
        await memory.sessions.set_admin_mode(contact, on=True)

        await memory.sessions.end(contact)

        session = await memory.sessions.of(contact)
        assert session.parent is None
        assert not session.admin_mode
        assert session.ended_at == clock.now

    async def test_a_message_on_another_channel_does_not_undo_an_end(
        self, memory: Memory, neighbour: Memory, contact: int
    ) -> None:
        await memory.sessions.prove(contact, MARIE)

        await asyncio.gather(
            memory.sessions.touch(contact),
            memory.sessions.end(contact),
            *(neighbour.sessions.touch(contact) for _ in range(5)),
        )

        assert (await memory.sessions.of(contact)).parent is None

    async def test_the_moment_it_ended_outlives_the_session_and_a_new_proof(
        self, memory: Memory, contact: int, clock: Clock
    ) -> None:
        ended_at = clock.now
        await memory.sessions.end(contact)

        clock.forward(hours=2)
        assert (await memory.sessions.of(contact)).ended_at == ended_at
        await memory.sessions.prove(contact, MARIE)

        session = await memory.sessions.touch(contact)
        assert session.ended_at == ended_at
        assert session.parent == MARIE

    async def test_another_code_of_the_same_person_stands_beside_the_first(
        self, memory: Memory, contact: int, clock: Clock
    ) -> None:
        second = ParentIdentity(profile="parent", code="XY-0002", name="Marie Test")
        await memory.sessions.prove(contact, MARIE)
        clock.forward(minutes=1)

        session = await memory.sessions.prove(contact, second, beside_others=True)

        assert session.parents == (MARIE, second)
        assert session.parent == second

    async def test_another_code_replaces_the_first(
        self, memory: Memory, contact: int
    ) -> None:
        other = ParentIdentity(profile="parent", code="XY-0002", name="Jean Test")
        await memory.sessions.prove(contact, MARIE)

        await memory.sessions.prove(contact, other)

        assert (await memory.sessions.of(contact)).parents == (other,)


class TestSessionsOnSqlite(OnSqlite, SessionsContract):
    """One process, one file."""


class TestSessionsOnPostgres(OnPostgres, SessionsContract):
    """Several machines, one server."""


class TestShortSessions(OnSqlite):
    @pytest.fixture
    async def memory(self, url: str, clock: Clock) -> AsyncGenerator[Memory]:
        async with open_memory(url, now=clock, session_minutes=5) as opened:
            yield opened

    async def test_the_length_of_a_session_is_a_setting(
        self, memory: Memory, contact: int, clock: Clock
    ) -> None:
        await memory.sessions.prove(contact, MARIE)
        assert memory.sessions.lifetime == timedelta(minutes=5)

        clock.forward(minutes=6)

        assert (await memory.sessions.of(contact)).parent is None
