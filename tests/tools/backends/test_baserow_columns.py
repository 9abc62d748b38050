"""Columns that are missing, renamed or of another type stop what needs them."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from tests.counterparts.baserow import BaserowCounterpart
from tests.counterparts.baserow_tables import StubTable, column, link_to, linked
from tools.backends.baserow.cache import TTL_S
from tools.backends.baserow.schemas import FRESH_S
from tools.errors import BackendUnavailable
from tools.profile import IdentityTable, Profile

from .baserow_school import HOURS, MARKS, PARENT, PROFILES, marks_of
from .table_twins import Seconds, baserow_on


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name": "Bulletin"}, 'has no column "Note"'),
        ({"type": "file"}, "of type file, which cannot be read"),
    ],
)
async def test_a_column_that_is_missing_or_retyped_stops_its_action_only(
    baserow: BaserowCounterpart, change: dict[str, str], reason: str
) -> None:
    baserow.table("Notes").column("Note").update(change)

    async with baserow_on(baserow, PROFILES) as tables:
        with pytest.raises(BackendUnavailable, match=reason), capture_logs() as logs:
            await marks_of(tables)
        assert "baserow_column_unusable" in {log["event"] for log in logs}
        stopped = await tables.stopped()
        assert stopped.keys() == {"action see_marks"}
        assert reason in stopped["action see_marks"]
        assert await tables.rows("Horaires", needed=HOURS.fields)
        assert await tables.rows("Parents", needed=["Code", "Nom"])


@pytest.mark.parametrize(
    ("table", "name", "kind", "stopped"),
    [
        ("Notes", "Parents", "boolean", {"action see_marks"}),
        ("Notes", "Trimestre", "date", {"action see_marks"}),
        ("Parents", "Code", "boolean", {"action see_marks", "proof of parent"}),
    ],
)
async def test_a_type_that_cannot_serve_its_use_stops_what_needs_it(
    baserow: BaserowCounterpart, table: str, name: str, kind: str, stopped: set[str]
) -> None:
    baserow.table(table).column(name).update(type=kind, link_row_table_id=None)

    async with baserow_on(baserow, PROFILES) as tables:
        assert (await tables.stopped()).keys() == stopped
        with pytest.raises(BackendUnavailable):
            await marks_of(tables)


async def test_a_link_to_another_table_owns_nothing(
    baserow: BaserowCounterpart,
) -> None:
    link = baserow.table("Notes").column("Parents")
    link["link_row_table_id"] = baserow.table("Horaires").id

    async with baserow_on(baserow, PROFILES) as tables:
        with pytest.raises(BackendUnavailable, match='to table "Horaires", not to'):
            await marks_of(tables)


async def test_a_text_of_codes_is_never_shown(baserow: BaserowCounterpart) -> None:
    parents, marks = baserow.table("Parents"), baserow.table("Notes")
    parents.fields.reverse()  # the code is the text of every link now
    marks.fields.append(link_to(14, "Tuteur", parents))
    marks.rows[0].cells[14] = linked(8, text="KB-2")
    marks.rows[1].cells[14] = []
    shows = replace(MARKS, fields=("Enfant", "Tuteur"))

    async with baserow_on(baserow, [replace(PARENT, actions=(shows,))]) as tables:
        stopped = (await tables.stopped())["action see_marks"]
        rows = await tables.rows("Notes", where={"Parents": "KA-1"})

    assert "repeats parent codes" in stopped
    assert "KB-2" not in str(rows)


async def test_a_table_of_two_databases_stops_what_needs_it(
    baserow: BaserowCounterpart,
) -> None:
    baserow.tables.append(StubTable(9, "Notes", [column(90, "Enfant")]))

    async with baserow_on(baserow, PROFILES) as tables:
        with pytest.raises(BackendUnavailable, match="several databases"):
            await marks_of(tables)
        assert await tables.rows("Horaires")


async def test_a_column_renamed_while_we_run_keeps_its_id_until_it_is_noticed(
    baserow: BaserowCounterpart,
) -> None:
    clock = Seconds()
    async with baserow_on(baserow, PROFILES, clock=clock) as tables:
        assert await marks_of(tables) == ["Awa"]
        baserow.table("Notes").column("Note")["name"] = "Bulletin"
        clock.now += TTL_S
        assert await marks_of(tables) == ["Awa"]
        clock.now += FRESH_S
        with pytest.raises(BackendUnavailable, match='no column "Note"'):
            await marks_of(tables)


async def test_a_column_deleted_or_retyped_while_we_run_is_noticed_at_once(
    baserow: BaserowCounterpart,
) -> None:
    clock = Seconds()
    marks = baserow.table("Notes")
    async with baserow_on(baserow, PROFILES, clock=clock) as tables:
        assert await marks_of(tables) == ["Awa"]
        gone = marks.column("Trimestre")
        marks.fields.remove(gone)
        clock.now += TTL_S
        with pytest.raises(BackendUnavailable, match="not there any more"):
            await marks_of(tables)
        assert "action see_marks" in await tables.stopped()

        marks.fields.append(gone)
        tables.changed(marks.id, rows_only=False)
        assert await marks_of(tables) == ["Awa"]

        marks.column("Parents")["type"] = "text"
        marks.rows[0].cells[13] = "KA-1"
        clock.now += TTL_S
        with pytest.raises(BackendUnavailable):
            await marks_of(tables)
        marks.rows[1].cells[13] = "KB-2"
        assert await marks_of(tables) == ["Awa"]


async def test_codes_that_become_links_while_rows_are_kept_are_told(
    baserow: BaserowCounterpart,
) -> None:
    marks, clock = baserow.table("Notes"), Seconds()
    link = dict(marks.column("Parents"))
    marks.column("Parents").update(type="text", link_row_table_id=None)
    cells = [row.cells[13] for row in marks.rows]
    marks.rows[0].cells[13], marks.rows[1].cells[13] = "KA-1", "KB-2"
    async with baserow_on(baserow, PROFILES, clock=clock) as tables:
        everybodys = await tables.rows("Notes", needed=MARKS.fields)
        assert len(everybodys) == 2

        marks.column("Parents").update(link)
        for row, cell in zip(marks.rows, cells, strict=True):
            row.cells[13] = cell
        tables.changed(baserow.table("Horaires").id, rows_only=False)
        with pytest.raises(BackendUnavailable, match="has changed its type"):
            await tables.rows("Notes", needed=MARKS.fields)

        clock.now += TTL_S
        assert await marks_of(tables) == ["Awa"]


async def test_two_codes_of_one_table_own_different_rows(
    baserow: BaserowCounterpart,
) -> None:
    """A catechist's code is no parent's, though both stand in one table."""
    people = baserow.table("Parents")
    people.fields.append(column(3, "Code équipe"))
    people.rows[0].cells[3], people.rows[1].cells[3] = "KB-2", "KA-1"  # crossed
    visits = StubTable(5, "Visites", [column(50, "Jour"), link_to(51, "Qui", people)])
    visits.add(1, Jour="lundi", Qui=linked(7))
    visits.add(2, Jour="mardi", Qui=linked(8))
    baserow.tables.append(visits)
    team = Profile(
        name="team",
        requires="parent_code",
        identity=IdentityTable(table="Parents", code_field="Code équipe"),
        actions=(
            replace(
                MARKS,
                name="see_visits",
                table="Visites",
                owner_field="Qui",
                parameters=(),
                fields=("Jour",),
            ),
        ),
    )

    async with baserow_on(baserow, [PARENT, team]) as tables:
        visited = await tables.rows("Visites", where={"Qui": "KA-1"}, needed=["Jour"])
        assert [row["Jour"] for row in visited] == ["mardi"]
        assert await marks_of(tables) == ["Awa"]


async def test_a_link_that_two_kinds_of_people_own_by_is_not_used(
    baserow: BaserowCounterpart,
) -> None:
    people = baserow.table("Parents")
    people.fields.append(column(3, "Code équipe"))
    for row in people.rows:
        row.cells[3] = None
    team = replace(
        PARENT,
        name="team",
        identity=IdentityTable(table="Parents", code_field="Code équipe"),
        actions=(replace(MARKS, name="see_marks_too"),),
    )

    async with baserow_on(baserow, [PARENT, team]) as tables:
        with pytest.raises(BackendUnavailable):
            await tables.rows("Notes", where={"Parents": "KA-1"})
        assert set(await tables.stopped()) == {
            "action see_marks",
            "action see_marks_too",
        }
