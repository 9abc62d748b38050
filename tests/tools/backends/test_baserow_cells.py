"""Cells as Baserow sends them become the text that a CSV file would hold."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.counterparts.test_baserow import sample
from tools.backends.baserow.calls import OutOfDate
from tools.backends.baserow.cells import linked_ids, text_of
from tools.backends.baserow.schema import Field, Listed, listed_in, table_in
from tools.errors import BackendUnavailable

PARIS = ZoneInfo("Europe/Paris")
ENFANTS = table_in(Listed(id=3, name="Enfants"), sample("fields")["body"])


def field(kind: str, **more: Any) -> Field:
    made = {"id": 1, "name": "x", "type": kind, **more}
    return table_in(Listed(id=1, name="t"), [made]).fields["x"]


def test_a_recorded_row_becomes_text() -> None:
    [row] = sample("list_field_ids")["body"]["results"]

    cells = {f.name: text_of(f, row[f.key], PARIS) for f in ENFANTS.fields.values()}

    assert cells == {
        "Nom": "Lefèvre",
        "Prénom": "Zoé",
        "Classe": "CM1 A",
        "Parents": "P1000, P1003",
        "Naissance": "2017-03-09",
        "Statut": "Inscrit",
        "Emails parents": "hélène@example.org, jean-luc@example.org",
    }
    assert linked_ids(ENFANTS.fields["Parents"], row["field_14"]) == (1, 4)


def test_the_recorded_columns_are_understood() -> None:
    parents = ENFANTS.fields["Parents"]

    assert (parents.id, parents.links_to, parents.repeats) == (14, 2, 3)
    assert ENFANTS.fields["Emails parents"].repeats == 6
    assert [each.name for each in listed_in(sample("all_tables")["body"])] == [
        "Classes",
        "Parents",
        "Enfants",
        "Paiements",
    ]


@pytest.mark.parametrize(
    ("kind", "cell", "text"),
    [
        ("text", " Awa ", "Awa"),
        ("text", None, ""),
        ("number", "45.50", "45.5"),
        ("number", "15000.00", "15000"),
        ("number", "1500", "1500"),
        ("number", "-0.10", "-0.1"),
        ("rating", 3, "3"),
        ("boolean", True, "oui"),
        ("boolean", False, "non"),
        ("date", "2026-03-01", "2026-03-01"),
        ("date", "2026-01-05T08:00:00Z", "2026-01-05T09:00"),
        ("date", None, ""),
        ("single_select", {"id": 1, "value": "Inscrit", "color": "green"}, "Inscrit"),
        ("single_select", None, ""),
        ("link_row", [{"id": 1, "value": ""}, {"id": 2, "value": "CM2"}], "CM2"),
        ("multiple_select", [{"id": 1, "value": "a"}, {"id": 2, "value": "b"}], "a, b"),
    ],
)
def test_each_type_has_its_text(kind: str, cell: object, text: str) -> None:
    assert text_of(field(kind), cell, PARIS) == text


@pytest.mark.parametrize(
    ("inner", "cell", "text"),
    [
        ("number", [{"id": 1, "value": "2.50"}, {"id": 2, "value": None}], "2.5"),
        ("boolean", [{"id": 1, "value": True}], "oui"),
        ("date", [{"id": 1, "value": "2026-07-05T08:00:00Z"}], "2026-07-05T10:00"),
        ("single_select", [{"id": 1, "value": {"id": 3, "value": "A"}}], "A"),
    ],
)
def test_a_lookup_has_the_texts_of_its_values(
    inner: str, cell: object, text: str
) -> None:
    made = field("lookup", formula_type="array", array_formula_type=inner)

    assert text_of(made, cell, PARIS) == text


def test_a_date_column_may_have_its_own_zone() -> None:
    made = field("date", date_force_timezone="Africa/Dakar")

    assert text_of(made, "2026-01-05T08:00:00Z", PARIS) == "2026-01-05T08:00"


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        ("text", 3),
        ("text", [{"id": 1, "value": "x"}]),
        ("number", "douze"),
        ("number", "NaN"),
        ("number", True),
        ("boolean", "true"),
        ("date", "05/01/2026"),
        ("single_select", "Inscrit"),
        ("link_row", "P1000"),
        ("link_row", None),
        ("link_row", [{"value": 3.5j}]),
    ],
)
def test_a_cell_of_another_type_is_no_text(kind: str, cell: object) -> None:
    with pytest.raises(OutOfDate, match="has changed its type"):
        text_of(field(kind), cell, PARIS)


@pytest.mark.parametrize("kind", ["file", "password", "button", "formula", "of_2030"])
def test_a_type_that_is_not_known_is_not_read(kind: str) -> None:
    assert field(kind).shape is None


@pytest.mark.parametrize("answer", [None, {}, [{"id": "x"}], [{"id": 1, "name": 3}]])
def test_a_list_of_another_form_is_no_list(answer: object) -> None:
    with pytest.raises(BackendUnavailable):
        listed_in(answer)
