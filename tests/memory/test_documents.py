"""The shelf of documents: kept with their cursor, shared by processes."""

import pytest
from sqlalchemy.exc import IntegrityError

from memory import Memory
from memory.documents import Changes, KeptDocument, ShelfState
from tests.conftest import Clock

from .contract import MemoryContract, OnPostgres, OnSqlite
from .letters import MORNING


def page(id: str, text: str = "du texte", **more: object) -> KeptDocument:
    values: dict[str, object] = {"name": f"{id}.md", "fingerprint": "1", **more}
    return KeptDocument(id=id, text=text, **values)  # pyright: ignore[reportArgumentType]


class ShelfContract(MemoryContract):
    async def test_what_was_kept_comes_back_whole_and_by_name(
        self, memory: Memory
    ) -> None:
        shelf = memory.drive_shelf
        scan = page("a", "", name="z.pdf", problem="no text")
        fees = page("b", "# Tarifs\x00", link="https://d/b", changed_at=MORNING)

        assert await shelf.keep(Changes(changed=[scan, fees]), since=ShelfState())

        kept = await shelf.documents()
        assert kept == [
            page("b", "# Tarifs", link="https://d/b", changed_at=MORNING),
            scan,
        ]

    async def test_a_look_is_kept_with_its_cursor(
        self, memory: Memory, clock: Clock
    ) -> None:
        shelf = memory.drive_shelf
        await shelf.keep(Changes(changed=[page("a")], cursor="7"), since=ShelfState())

        state = await shelf.state()

        assert (state.cursor, state.synced_at) == ("7", clock.now)
        assert (state.revision, state.generation) == (1, 1)

    async def test_a_look_that_finds_nothing_new_leaves_the_generation(
        self, memory: Memory
    ) -> None:
        shelf = memory.drive_shelf
        await shelf.keep(Changes(changed=[page("a")], cursor="7"), since=ShelfState())
        await shelf.keep(Changes(cursor="8"), since=await shelf.state())

        state = await shelf.state()
        assert (state.cursor, state.revision, state.generation) == ("8", 2, 1)

    async def test_a_changed_document_replaces_itself_and_a_gone_one_leaves(
        self, memory: Memory
    ) -> None:
        shelf = memory.drive_shelf
        first = Changes(changed=[page("a"), page("b"), page("c")])
        await shelf.keep(first, since=ShelfState())

        changes = Changes(changed=[page("a", "nouveau")], gone={"b", "unknown"})
        await shelf.keep(changes, since=await shelf.state())

        assert await shelf.documents() == [page("a", "nouveau"), page("c")]

    async def test_two_who_looked_at_once_do_not_overwrite_each_other(
        self, memory: Memory, neighbour: Memory
    ) -> None:
        before = await memory.drive_shelf.state()
        await neighbour.drive_shelf.keep(
            Changes(changed=[page("a", "leur")], cursor="9"), since=before
        )

        late = Changes(changed=[page("a", "vieux")], cursor="8")
        assert not await memory.drive_shelf.keep(late, since=before)

        assert await memory.drive_shelf.documents() == [page("a", "leur")]
        assert (await memory.drive_shelf.state()).cursor == "9"

    async def test_what_cannot_be_kept_leaves_the_cursor_where_it_was(
        self, memory: Memory
    ) -> None:
        shelf = memory.drive_shelf
        twice = Changes(changed=[page("a"), page("a")], cursor="7")

        with pytest.raises(IntegrityError):
            await shelf.keep(twice, since=ShelfState())

        assert (await shelf.state()).cursor is None
        assert await shelf.documents() == []

    async def test_a_failure_is_remembered_until_the_next_success(
        self, memory: Memory
    ) -> None:
        shelf = memory.drive_shelf
        await shelf.keep(Changes(changed=[page("a")], cursor="7"), since=ShelfState())

        await shelf.failed("Google does not answer")

        state = await shelf.state()
        assert (state.problem, state.cursor) == ("Google does not answer", "7")
        assert await shelf.documents() == [page("a")]
        await shelf.keep(Changes(cursor="8"), since=state)
        assert (await shelf.state()).problem is None

    async def test_one_process_looks_at_a_time(
        self, memory: Memory, neighbour: Memory, clock: Clock
    ) -> None:
        assert await memory.drive_shelf.claim(for_s=60)
        assert not await neighbour.drive_shelf.claim(for_s=60)

        clock.forward(seconds=60)

        assert await neighbour.drive_shelf.claim(for_s=60)

    async def test_who_has_looked_lets_the_next_one_look(
        self, memory: Memory, neighbour: Memory, clock: Clock
    ) -> None:
        await memory.drive_shelf.claim(for_s=600)
        await memory.drive_shelf.release(after_s=30)
        assert not await neighbour.drive_shelf.claim(for_s=60)

        clock.forward(seconds=30)

        assert await neighbour.drive_shelf.claim(for_s=60)


class TestShelfOnSqlite(OnSqlite, ShelfContract):
    pass


class TestShelfOnPostgres(OnPostgres, ShelfContract):
    pass
