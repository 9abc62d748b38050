"""What our records know as personal is told, and nothing else is."""

from collections.abc import Mapping, Sequence

import pytest

from memory.records import ParentIdentity, Service
from tools.backends.tables import Row
from tools.errors import BackendUnavailable
from tools.personal import fields_of, know_cells, know_codes, know_family
from tools.profile import Action, IdentityTable, Profile

PROFILE = Profile(
    name="parent",
    requires="parent_code",
    identity=IdentityTable(
        table="families",
        code_field="code",
        name_fields=("first", "last"),
        phone_field="phone",
    ),
    actions=(
        Action(
            name="see_marks",
            description="Marks.",
            table="marks",
            fields=("child", "mark"),
            service=Service.CATECHESE,
            owner_field="owner",
            minor_fields=("child",),
        ),
        Action(
            name="see_rooms",
            description="Rooms.",
            table="rooms",
            fields=("room",),
            service=Service.RENSEIGNEMENT,
        ),
    ),
)
AWA = ParentIdentity(profile="parent", code="4417", name="Awa Diop")
FAMILIES = [
    {"code": "4417;4418", "first": "Awa", "last": "Diop", "phone": "770000101"}
    | {"mail": "write to awa@x.example"},
    {"code": "9000", "first": "Fatou", "last": "Ndao", "phone": "770000102"},
]
MARKS = [
    {"owner": "4417", "child": "Omar", "mark": "12"},
    {"owner": "9000", "child": "Malick", "mark": "3"},
]


class Told:
    def __init__(self) -> None:
        self.values: list[tuple[str, str]] = []

    def know(self, kind: str, value: str) -> None:
        self.values.append((kind, value))


class Tables:
    def __init__(self, *, is_away: bool = False) -> None:
        self.is_away = is_away
        self.kept: Mapping[str, Sequence[Row]] = {
            "families": FAMILIES,
            "marks": MARKS,
            "rooms": [{"room": "A"}],
        }

    async def names(self) -> Sequence[str]:
        return list(self.kept)

    async def fields(self, table: str) -> Sequence[str]:
        return list(self.kept[table][0])

    async def rows(
        self,
        table: str,
        *,
        needed: Sequence[str] = (),
        where: Mapping[str, str] | None = None,
    ) -> Sequence[Row]:
        if self.is_away:
            raise BackendUnavailable("away")
        return self.kept[table]


async def test_a_proved_family_is_known_and_no_other() -> None:
    told = Told()

    await know_family(told, Tables(), PROFILE, AWA)

    assert set(told.values) == {
        ("parent", "Awa Diop"),
        ("parent", "Awa"),
        ("parent", "Diop"),
        ("phone", "770000101"),
        ("code", "4417"),
        ("code", "4418"),
        ("email", "awa@x.example"),
        ("child", "Omar"),
    }
    assert told.values[0] == ("parent", "Awa Diop")  # before the children


async def test_while_the_tables_are_away_the_session_still_tells() -> None:
    told = Told()

    await know_family(told, Tables(is_away=True), PROFILE, AWA)

    assert told.values == [("parent", "Awa Diop"), ("code", "4417")]


def test_a_field_that_is_personal_somewhere_is_so_everywhere() -> None:
    told = Told()
    row = {"child": "Omar", "last": "Diop", "room": "A", "note": "see m@x.example"}

    know_cells(told, [row], fields_of([PROFILE]))

    assert told.values == [
        ("child", "Omar"),
        ("parent", "Diop"),
        ("email", "m@x.example"),
    ]


def test_a_column_called_a_name_is_one_in_a_row_about_somebody() -> None:
    told = Told()
    rows = [
        {"child": "Omar", "nom_famille": "Sagna", "Prénom de la mère": "Khady"},
        {"nom": "Salle des Palmiers", "places": "30"},
    ]

    know_cells(told, rows, fields_of([PROFILE]))

    assert told.values == [
        ("child", "Omar"),
        ("parent", "Sagna"),
        ("parent", "Khady"),
    ]


async def test_of_numbers_only_those_of_our_records_are_codes() -> None:
    told = Told()

    await know_codes(told, Tables(), [PROFILE], ["2026", "44 17", "1500"])

    assert told.values == [("code", "44 17")]


async def test_what_cannot_be_looked_up_counts_as_a_code() -> None:
    told = Told()

    await know_codes(told, Tables(is_away=True), [PROFILE], ["2026", "4417"])

    assert told.values == [("code", "2026"), ("code", "4417")]


@pytest.mark.parametrize("pieces", [[], ["2026"]])
async def test_nothing_is_told_of_what_is_no_code(pieces: list[str]) -> None:
    told = Told()

    await know_codes(told, Tables(), [PROFILE], pieces)

    assert told.values == []
