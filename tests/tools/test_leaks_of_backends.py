"""Every action of the demo world, on every backend, when the backend filters nothing."""

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from config.profile import DEFAULT_FOLDER, load_profiles
from tests.counterparts.baserow import BaserowCounterpart
from tests.counterparts.baserow_tables import from_csv
from tools.backends.csv_tables import CsvTables
from tools.backends.tables import Row, Tables
from tools.context import ToolContext
from tools.errors import BackendRefused
from tools.matching import is_owned, normal_code
from tools.proofs import holders_of

from .backends.table_twins import baserow_on
from .school import School, call, call_without_owner_check

TABLES = DEFAULT_FOLDER.parent / "tables"
PROFILES = load_profiles(DEFAULT_FOLDER)
PARENT = PROFILES["parent"]
ACTIONS = [action.name for action in PARENT.actions]
BACKENDS = ["csv", "baserow with codes", "baserow with links"]
OWNER = "code_parent"


class LeakyCsv(CsvTables):
    """Files whose filter does nothing."""

    async def rows(
        self,
        table: str,
        *,
        needed: Sequence[str] = (),
        where: Mapping[str, str] | None = None,
    ) -> Sequence[Row]:
        del where
        return await super().rows(table, needed=needed)


@asynccontextmanager
async def leaky(backend: str) -> AsyncGenerator[Tables]:
    if backend == "csv":
        yield LeakyCsv(TABLES)
        return
    made = from_csv(TABLES, linked_owner=OWNER if "links" in backend else None)
    counterpart = BaserowCounterpart(made, ignores_filters=True)
    async with baserow_on(counterpart, PROFILES.values()) as tables:
        yield tables


@pytest.fixture(params=BACKENDS)
async def tables(request: pytest.FixtureRequest) -> AsyncGenerator[Tables]:
    async with leaky(request.param) as opened:
        yield opened


async def codes() -> list[str]:
    return [row["code"] for row in await CsvTables(TABLES).rows("parents")]


async def asking(school: School, tables: Tables, code: str) -> ToolContext:
    """Somebody who has proved this code, in the demo world."""
    school.desk = replace(school.desk, tables=tables, profiles=PROFILES)
    context = await school.wrote("bonjour", by=f"telegram:{abs(hash(code))}")
    [holder] = await holders_of(school.desk, code)
    context.session = await school.desk.memory.sessions.prove(
        context.contact.id, holder
    )
    return context


def shown(answer: Mapping[str, Any]) -> set[str]:
    return {json.dumps(row, ensure_ascii=False) for row in answer["rows"]}


async def own(action: str, code: str, *, are_own: bool = True) -> set[str]:
    """The rows of a family as the files have them; of all others when not `are_own`."""
    found = next(each for each in PARENT.actions if each.name == action)
    rows = await CsvTables(TABLES).rows(found.table)
    return {
        json.dumps({field: row[field] for field in found.fields}, ensure_ascii=False)
        for row in rows
        if is_owned(row[OWNER], code) == are_own
    }


@pytest.mark.parametrize("action", ACTIONS)
async def test_no_foreign_row_reaches_a_result(
    school: School, tables: Tables, action: str
) -> None:
    everybody = await codes()
    assert len(everybody) > 3
    for code in everybody:
        answer = await call(await asking(school, tables, code), action)

        assert shown(answer) == await own(action, code)


@pytest.mark.parametrize("action", ACTIONS)
async def test_no_argument_brings_a_foreign_row(
    school: School, tables: Tables, action: str
) -> None:
    everybody = await codes()
    strangers = {row["enfant"] for row in await CsvTables(TABLES).rows("enfants")}
    for code in everybody[:2]:
        context = await asking(school, tables, code)
        for value in [*sorted(strangers)[::3], *everybody[:3], "*", "%"]:
            try:
                answer = await call(context, action, child=value)
            except BackendRefused as refusal:
                said = normal_code(str(refusal))
                assert not [c for c in everybody if normal_code(c) in said]
            else:
                assert shown(answer) <= await own(action, code)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("action", ACTIONS)
async def test_the_owner_check_is_what_keeps_families_apart(
    school: School, backend: str, action: str
) -> None:
    """Were it removed, the tests above would see the rows of others."""
    async with leaky(backend) as tables:
        code = (await codes())[0]

        answer = await call_without_owner_check(
            await asking(school, tables, code), action
        )

    assert shown(answer) & await own(action, code, are_own=False)


async def test_a_filter_that_was_ignored_is_an_incident_without_names(
    school: School,
) -> None:
    async with leaky("baserow with links") as tables:
        context = await asking(school, tables, (await codes())[0])
        with capture_logs() as logs:
            await call(context, "consult_notes")

    [incident] = [log for log in logs if log["event"] == "baserow_filter_ignored"]
    assert incident["log_level"] == "error"
    assert incident.keys() == {"event", "log_level", "table", "rows"}


async def test_families_with_the_same_name_in_the_link_are_kept_apart(
    school: School,
) -> None:
    """The text of a link is the first column of the other table: a family name."""
    made = from_csv(TABLES, linked_owner=OWNER)
    link = made[0].column(OWNER)["id"]
    texts = {each["value"] for row in made[0].rows for each in row.cells[link]}
    assert len(texts) == 1

    async with baserow_on(BaserowCounterpart(made), PROFILES.values()) as tables:
        for code in await codes():
            answer = await call(await asking(school, tables, code), "consult_absences")

            assert shown(answer) == await own("consult_absences", code)
