"""The people of the service, and the trace of what privileged tools did."""

import json

from memory import Memory
from memory.records import ToolOutcome
from tests.conftest import Clock

from .contract import MemoryContract, OnPostgres, OnSqlite
from .letters import begin


class PeopleContract(MemoryContract):
    async def test_a_staff_member_is_found_by_name(self, memory: Memory) -> None:
        assert await memory.staff.add("Awa", "argon2…")

        person = await memory.staff.by_name("Awa")

        assert person is not None
        assert person.password_hash == "argon2…"
        assert person.revoked_at is None
        assert await memory.staff.by_name("awa ") is None

    async def test_a_name_is_taken_once(self, memory: Memory) -> None:
        await memory.staff.add("Awa", "first")

        assert not await memory.staff.add("Awa", "second")

        person = await memory.staff.by_name("Awa")
        assert person is not None
        assert person.password_hash == "first"

    async def test_who_is_revoked_is_listed_but_not_found(
        self, memory: Memory, clock: Clock
    ) -> None:
        await memory.staff.add("Awa", "x")
        await memory.staff.add("Binta", "y")

        assert await memory.staff.revoke("Awa")
        assert not await memory.staff.revoke("Awa")
        assert not await memory.staff.revoke("Nobody")

        assert await memory.staff.by_name("Awa") is None
        assert await memory.staff.by_name("Binta") is not None
        awa, binta = await memory.staff.all()
        assert awa.revoked_at == clock.now
        assert binta.revoked_at is None

    async def test_every_use_is_kept_with_its_outcome_oldest_first(
        self, memory: Memory, clock: Clock
    ) -> None:
        conversation = await begin(memory)
        contact_id = conversation.contact_id
        await memory.audit.note(
            contact_id, "find_people", {"words": "Zoé"}, ToolOutcome.OK
        )
        clock.forward(minutes=1)
        await memory.audit.note(contact_id, "query_table", {}, ToolOutcome.REFUSED)

        first, second = await memory.audit.all()

        assert first.tool == "find_people"
        assert first.contact_id == contact_id
        assert json.loads(first.arguments) == {"words": "Zoé"}
        assert first.outcome is ToolOutcome.OK
        assert second.outcome is ToolOutcome.REFUSED
        assert second.at == clock.now

    async def test_arguments_of_any_kind_can_be_kept(self, memory: Memory) -> None:
        conversation = await begin(memory)

        await memory.audit.note(
            conversation.contact_id, "x", {"at": conversation}, ToolOutcome.INVALID
        )

        [entry] = await memory.audit.all()
        assert "at" in json.loads(entry.arguments)


class TestPeopleOnSqlite(OnSqlite, PeopleContract):
    """One process, one file."""


class TestPeopleOnPostgres(OnPostgres, PeopleContract):
    """Several machines, one server."""
