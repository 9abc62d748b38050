"""What a Baserow does that files do not: it is slow, away, throttled."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC

import pytest
from structlog.testing import capture_logs

from tests.counterparts.baserow import Answer, BaserowCounterpart
from tests.counterparts.baserow_tables import StubTable, column, link_to, linked
from tools.backends.baserow import BaserowAccess, BaserowTables, open_calls
from tools.backends.baserow.cache import TTL_S
from tools.backends.baserow.calls import AT_ONCE, REST_S, BaserowCalls
from tools.errors import BackendRefused, BackendUnavailable
from tools.profile import Profile

from .baserow_school import HOURS, PROFILES, marks_of
from .table_twins import Seconds, baserow_on


async def test_only_the_tree_is_sent_with_ids_of_columns_and_rows(
    baserow: BaserowCounterpart,
) -> None:
    async with baserow_on(baserow, PROFILES) as tables:
        assert await marks_of(tables, "ka 1") == ["Awa"]

    [call] = baserow.row_calls("Notes")
    assert json.loads(call.params.pop("filters")) == {
        "filter_type": "AND",
        "filters": [{"field": 13, "type": "link_row_has", "value": "7"}],
        "groups": [],
    }
    assert call.params == {
        "include": "field_10,field_11,field_12,field_13",
        "size": "200",
        "page": "1",
    }


async def test_no_search_and_no_simple_filter_is_ever_sent(
    baserow: BaserowCounterpart,
) -> None:
    async with baserow_on(baserow, PROFILES) as tables:
        await marks_of(tables)
        await tables.rows("Parents", where={"Code": "ka1"}, needed=["Code"])

    sent = {name for call in baserow.calls for name in call.params}
    assert sent == {"size", "page", "include", "filters"}


async def test_columns_that_no_profile_names_are_not_asked_for(
    baserow: BaserowCounterpart,
) -> None:
    async with baserow_on(baserow, PROFILES) as tables:
        assert await tables.rows("Horaires") == [{"Jour": "lundi"}]

    assert [c.params["include"] for c in baserow.row_calls("Horaires")] == ["field_20"]


async def test_nothing_is_asked_for_a_code_that_nobody_has(
    baserow: BaserowCounterpart,
) -> None:
    async with baserow_on(baserow, PROFILES) as tables:
        assert await marks_of(tables, "NO-9") == []

    assert not baserow.row_calls("Notes")


async def test_a_code_in_two_rows_is_nobodys(baserow: BaserowCounterpart) -> None:
    baserow.table("Parents").add(9, Nom="Autre", Code="ka1")
    baserow.table("Notes").add(3, Enfant="Omar", Parents=linked(9))

    async with baserow_on(baserow, PROFILES) as tables:
        with capture_logs() as logs:
            assert await marks_of(tables) == []
        assert await marks_of(tables, "KB-2") == ["Zoé"]

    assert "parent_code_in_two_rows" in {log["event"] for log in logs}


async def test_all_pages_are_read_by_counting(baserow: BaserowCounterpart) -> None:
    hours = baserow.table("Horaires")
    for number in range(2, 1002):
        hours.add(number, Jour=f"jour {number}")

    async with baserow_on(baserow, PROFILES) as tables:
        rows = await tables.rows("Horaires")

    assert len({row["Jour"] for row in rows}) == 1001
    pages = sorted(int(c.params["page"]) for c in baserow.row_calls("Horaires"))
    assert pages == [1, 2, 3, 4, 5, 6]
    assert baserow.most_at_once <= AT_ONCE


async def test_rows_that_move_while_they_are_read_are_read_again(
    baserow: BaserowCounterpart, monkeypatch: pytest.MonkeyPatch
) -> None:
    hours = baserow.table("Horaires")
    for number in range(2, 302):
        hours.add(number, Jour=f"jour {number}")
    answer, removed = baserow.answer, [hours.rows[0]]

    def answer_and_change(method: str, url: str, *given: str, **more: bool):
        answered = answer(method, url, *given, **more)
        if "rows/table/3" in url and removed:
            hours.rows.remove(removed.pop())  # all that follow come one place nearer
        return answered

    monkeypatch.setattr(baserow, "answer", answer_and_change)
    async with baserow_on(baserow, PROFILES) as tables:
        rows = await tables.rows("Horaires")

    assert [row["Jour"] for row in rows] == [f"jour {n}" for n in range(2, 302)]


@pytest.mark.parametrize("fault", [429, 409, 500, 502, 503, 0])
async def test_what_may_help_is_asked_again_and_retry_after_ignored(
    baserow: BaserowCounterpart, fault: int
) -> None:
    clock = Seconds()
    async with baserow_on(baserow, PROFILES, clock=clock) as tables:
        await tables.schema()
        baserow.faults.extend([fault] * 3)

        assert await tables.rows("Horaires") == [{"Jour": "lundi"}]

    first, second, third = clock.slept
    assert 0.2 < first < 0.4 < second < 1.1 < third < 2.6


async def test_who_is_throttled_gets_all_the_same(baserow: BaserowCounterpart) -> None:
    baserow.at_once = 2
    async with baserow_on(baserow, PROFILES) as tables:
        await asyncio.gather(tables.rows("Horaires"), marks_of(tables))

    assert any(call.path.endswith("/rows/table/2/") for call in baserow.calls)


async def test_who_does_not_answer_is_left_alone_for_a_while(
    baserow: BaserowCounterpart,
) -> None:
    clock = Seconds()
    async with baserow_on(baserow, PROFILES, clock=clock) as tables:
        baserow.is_down = True
        with pytest.raises(BackendUnavailable, match=r"http://baserow\.test"):
            await tables.rows("Horaires")
        tries = len(clock.slept)
        with pytest.raises(BackendUnavailable, match="a moment ago"):
            await tables.rows("Horaires")
        assert len(clock.slept) == tries == 3

        baserow.is_down = False
        clock.now += REST_S
        assert await tables.rows("Horaires") == [{"Jour": "lundi"}]


async def test_a_read_has_a_budget(baserow: BaserowCounterpart) -> None:
    async def never(_seconds: float) -> None:
        await asyncio.Event().wait()

    access = BaserowAccess(url="http://baserow.test", token="x")
    baserow.faults.append(503)
    async with open_calls(access, transport=baserow.transport()) as calls:
        hurried = BaserowCalls(calls.http, sleep=never, budget_s=0.01)
        tables = BaserowTables(hurried, profiles=PROFILES, zone=UTC)

        with pytest.raises(BackendUnavailable, match="no answer in time"):
            await tables.rows("Horaires")


async def test_a_wrong_token_is_told_and_not_tried_again(
    baserow: BaserowCounterpart,
) -> None:
    access = BaserowAccess(url="http://baserow.test", token="hunter2")
    async with open_calls(access, transport=baserow.transport()) as calls:
        tables = BaserowTables(calls, profiles=PROFILES, zone=UTC)
        with pytest.raises(BackendUnavailable, match="BASEROW_TOKEN") as refused:
            await tables.names()

    assert len(baserow.calls) == 1
    assert "hunter2" not in f"{refused.value!r} {access!r}"


async def test_what_was_read_is_kept_until_it_is_old_or_the_table_changed(
    baserow: BaserowCounterpart,
) -> None:
    clock = Seconds()
    async with baserow_on(baserow, PROFILES, clock=clock) as tables:

        async def reads() -> int:
            await asyncio.gather(*(tables.rows("Horaires") for _ in range(5)))
            return len(baserow.row_calls("Horaires"))

        assert await reads() == 1
        clock.now += TTL_S
        assert await reads() == 2
        tables.changed(3, rows_only=True)
        assert await reads() == 3
        tables.changed(2, rows_only=True)  # another one, not linked to it
        assert await reads() == 3


async def test_a_change_is_seen_in_the_tables_that_link_to_it(
    baserow: BaserowCounterpart,
) -> None:
    async with baserow_on(baserow, PROFILES) as tables:
        assert await marks_of(tables) == ["Awa"]
        parents = baserow.table("Parents")
        parents.rows[0].cells[2], parents.rows[1].cells[2] = "KB-2", "KA-1"
        tables.changed(parents.id, rows_only=True)

        assert await marks_of(tables) == ["Zoé"]


async def test_a_table_that_repeats_a_cell_of_one_that_changed_is_read_again(
    baserow: BaserowCounterpart,
) -> None:
    rooms = StubTable(4, "Salles", [column(40, "Nom")])
    hours = baserow.table("Horaires")
    hours.fields.append(link_to(22, "Salle", rooms))
    hours.rows[0].cells[22] = linked(1, text="Baobab")
    baserow.tables.append(rooms)
    shows = replace(HOURS, fields=("Salle",))

    async with baserow_on(
        baserow, [Profile(name="public", actions=(shows,))]
    ) as tables:
        assert await tables.rows("Horaires") == [{"Salle": "Baobab"}]
        hours.rows[0].cells[22] = linked(1, text="Filao")
        tables.changed(rooms.id, rows_only=True)

        assert await tables.rows("Horaires") == [{"Salle": "Filao"}]


async def test_what_changes_while_it_is_read_is_read_again(
    baserow: BaserowCounterpart, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with baserow_on(baserow, PROFILES) as tables:
        answer = baserow.answer

        def answer_then_tell(method: str, url: str, *given: str, **more: bool):
            answered = answer(method, url, *given, **more)
            if "rows/table/3" in url and baserow.table("Horaires").rows:
                baserow.table("Horaires").rows.clear()
                tables.changed(3, rows_only=True)
            return answered

        monkeypatch.setattr(baserow, "answer", answer_then_tell)
        await tables.rows("Horaires")

        assert await tables.rows("Horaires") == []


async def test_a_value_that_a_column_cannot_hold_is_not_sent(
    baserow: BaserowCounterpart,
) -> None:
    async with baserow_on(baserow, PROFILES) as tables:
        with pytest.raises(BackendRefused, match="no number"):
            await tables.rows("Notes", where={"Trimestre": "premier"})
        rows = await tables.rows("Notes", where={"Trimestre": "1"})

    assert len(rows) == 2
    [call] = baserow.row_calls("Notes")
    assert '"type":"equal","value":"1"' in call.params["filters"]


async def test_what_is_no_baserow_is_said_to_be_none(
    baserow: BaserowCounterpart, monkeypatch: pytest.MonkeyPatch
) -> None:

    def answer(*_given: str, **_more: bool) -> Answer:
        return Answer(200, {"data": [{"name": "x"}]})

    monkeypatch.setattr(baserow, "answer", answer)
    async with baserow_on(baserow, PROFILES) as tables:
        with pytest.raises(BackendUnavailable, match="not known"):
            await tables.names()
