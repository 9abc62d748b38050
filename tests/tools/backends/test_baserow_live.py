"""On a real Baserow, read only: GUST_TEST_BASEROW_URL and GUST_TEST_BASEROW_TOKEN.

Any workspace will do; its tables are read, never written.
"""

import os
from collections.abc import AsyncGenerator
from datetime import UTC

import pytest

from tools.backends.baserow import BaserowAccess, BaserowTables, open_calls, report_of
from tools.backends.baserow.schema import Table
from tools.errors import BackendUnavailable
from tools.matching import normal_code
from tools.profile import Profile

ACCESS = BaserowAccess(
    url=os.environ.get("GUST_TEST_BASEROW_URL", ""),
    token=os.environ.get("GUST_TEST_BASEROW_TOKEN", ""),
)
pytestmark = pytest.mark.skipif(
    not (ACCESS.url and ACCESS.token),
    reason="no real Baserow: set GUST_TEST_BASEROW_URL and GUST_TEST_BASEROW_TOKEN",
)


@pytest.fixture
async def live() -> AsyncGenerator[BaserowTables]:
    async with open_calls(ACCESS) as calls:
        everything = [Profile(name="live", requires="admin")]
        yield BaserowTables(calls, profiles=everything, zone=UTC)


async def tables_of(live: BaserowTables) -> list[Table]:
    found = list((await live.schema()).tables.values())
    assert found, "the token reads no table"
    return found


async def test_every_table_can_be_read_to_its_end(live: BaserowTables) -> None:
    for table in await tables_of(live):
        if not await live.fields(table.name):
            continue
        path = f"/api/database/rows/table/{table.id}/"
        counted = (await live.calls.get(path, {"size": "1"}))["count"]

        assert len(await live.rows(table.name)) <= counted


async def test_a_filter_loses_no_row_that_holds_the_value(live: BaserowTables) -> None:
    for table in await tables_of(live):
        rows = await live.rows(table.name) if await live.fields(table.name) else ()
        for field in table.fields.values():
            values = {row.get(field.name, "") for row in rows}
            value = next((v for v in sorted(values) if normal_code(v)), None)
            if field.kind not in ("text", "long_text") or value is None:
                continue
            kept = await live.rows(table.name, where={field.name: value})
            assert [r for r in kept if r[field.name] == value] == [
                r for r in rows if r[field.name] == value
            ]
            assert len(kept) <= len(rows)


async def test_an_unknown_name_still_answers_every_row(live: BaserowTables) -> None:
    """The trap that this adapter is built around; were it gone, we want to know."""
    table = (await tables_of(live))[0]
    path = f"/api/database/rows/table/{table.id}/"
    open_ = {"user_field_names": "true", "filter__NoSuchColumn__equal": "x"}

    every = await live.calls.get(path)
    assert (await live.calls.get(path, open_))["count"] == every["count"]
    tree = '{"filter_type":"AND","filters":[{"field":1,"type":"equal","value":"x"}]}'
    ids = {field.id for field in table.fields.values()}
    if 1 not in ids:
        with pytest.raises(BackendUnavailable):
            await live.calls.get(path, {"filters": tree})


async def test_check_tells_the_rights_of_the_token(live: BaserowTables) -> None:
    lines = await report_of(live, ACCESS)

    assert all(is_well for _part, is_well, _detail in lines)
    assert not [detail for *_, detail in lines if "not known" in detail]
