"""What every twin of the port `Tables` must do: CSV files and Baserow alike."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from memory.records import Service
from tests.counterparts.baserow import BaserowCounterpart
from tests.counterparts.baserow_tables import from_csv
from tools.backends.csv_tables import CsvTables
from tools.backends.tables import Tables
from tools.errors import BackendRefused, BackendUnavailable
from tools.matching import is_owned
from tools.profile import Action, IdentityTable, Parameter, Profile

from .table_twins import baserow_on

PARENTS = """code,nom,prenom
QX-8812,Seck,Awa
RT 9043,Seck,Malick
ÉB-1177,Ndao,Fatou
"""
MARKS = """guardians,kid,term,mark,paid,day,note
QX-8812;RT 9043,Aminata,1,14.5,oui,2026-11-28,très bien
qx8812 ; rt-9043,Aminata,2,13,non,,
RT 9043,Omar,1,8,non,2027-01-30,"à revoir, vite"
EB 1177,Aminata,1,9.25,oui,2026-12-05,
"""
SEE_MARKS = Action(
    name="see_marks",
    description="-",
    table="marks",
    owner_field="guardians",
    parameters=(Parameter(name="term", field="term", description="-", type="integer"),),
    fields=("kid", "term", "mark", "paid", "day", "note"),
    service=Service.CATECHESE,
)
PARENT = Profile(
    name="parent",
    requires="parent_code",
    identity=IdentityTable(table="parents", code_field="code", name_fields=("prenom",)),
    actions=(SEE_MARKS,),
)
TWINS = ["csv", "baserow with codes", "baserow with links"]


@pytest.fixture(params=TWINS)
async def tables(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncGenerator[Tables]:
    (tmp_path / "parents.csv").write_text(PARENTS, "utf-8")
    (tmp_path / "marks.csv").write_text(MARKS, "utf-8")
    if request.param == "csv":
        yield CsvTables(tmp_path)
        return
    made = from_csv(
        tmp_path, linked_owner="guardians" if "links" in request.param else None
    )
    async with baserow_on(BaserowCounterpart(made), [PARENT]) as opened:
        yield opened


async def test_tables_and_columns_have_their_names(tables: Tables) -> None:
    assert await tables.names() == ["marks", "parents"]
    assert list(await tables.fields("marks")) == MARKS.partition("\n")[0].split(",")


async def test_cells_are_the_same_text(tables: Tables) -> None:
    rows = await tables.rows("marks")

    assert [{k: v for k, v in row.items() if k != "guardians"} for row in rows] == [
        dict(zip(SEE_MARKS.fields, cells, strict=True))
        for cells in [
            ("Aminata", "1", "14.5", "oui", "2026-11-28", "très bien"),
            ("Aminata", "2", "13", "non", "", ""),
            ("Omar", "1", "8", "non", "2027-01-30", "à revoir, vite"),
            ("Aminata", "1", "9.25", "oui", "2026-12-05", ""),
        ]
    ]


async def test_the_owner_cell_holds_the_codes(tables: Tables) -> None:
    rows = await tables.rows("marks")

    owned = {
        code: [is_owned(row["guardians"], code) for row in rows]
        for code in ("qx-8812", "RT9043", "eb1177", "QX-881", "")
    }
    assert owned == {
        "qx-8812": [True, True, False, False],
        "RT9043": [True, True, True, False],
        "eb1177": [False, False, False, True],
        "QX-881": [False] * 4,
        "": [False] * 4,
    }


@pytest.mark.parametrize("spelt", ["RT 9043", "rt-9043", "Rt9043", "R.T.9.0.4.3"])
async def test_a_filter_never_loses_a_row_in_another_spelling(
    tables: Tables, spelt: str
) -> None:
    rows = await tables.rows("marks", where={"guardians": spelt})

    own = [row for row in rows if is_owned(row["guardians"], spelt)]
    assert [row["mark"] for row in own] == ["14.5", "13", "8"]


async def test_a_code_that_nobody_has_owns_nothing(tables: Tables) -> None:
    rows = await tables.rows("marks", where={"guardians": "NO-0000"})

    assert not [row for row in rows if is_owned(row["guardians"], "NO-0000")]


@pytest.mark.parametrize("blank", ["", "  ", "--", "\u200b", "\n"])
async def test_a_blank_value_is_refused_not_taken_for_no_filter(
    tables: Tables, blank: str
) -> None:
    with pytest.raises(BackendRefused):
        await tables.rows("marks", where={"guardians": blank})


async def test_a_column_that_is_not_there_cannot_serve(tables: Tables) -> None:
    with pytest.raises(BackendUnavailable, match='"marks" has no column "mood"'):
        await tables.rows("marks", needed=["kid", "mood"])
    with pytest.raises(BackendUnavailable, match="mood"):
        await tables.rows("marks", where={"mood": "x"})
    assert len(await tables.rows("marks", needed=["kid", "mark"])) == 4


@pytest.mark.parametrize("name", ["secrets", "../parents", "", "*", "Marks "])
async def test_only_its_own_tables_are_read(tables: Tables, name: str) -> None:
    with pytest.raises(BackendRefused):
        await tables.rows(name)
    with pytest.raises(BackendRefused):
        await tables.fields(name)
