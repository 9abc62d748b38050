"""The counterpart of Baserow answers as a real one did: `baserow_samples/`."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from .baserow import TOKEN, BaserowCounterpart
from .baserow_tables import StubTable, column, link_to

SAMPLES = Path(__file__).parent / "baserow_samples"
# Recorded on other settings, or without a request that tells them apart.
NOT_REPLAYED = {"err_throttled", "webhooks", "err_no_auth", "err_bad_token"}
# `next` and `previous` repeat the parameters; we never look at them.
LINKS = ("next", "previous")


def sample(name: str) -> dict[str, Any]:
    return json.loads((SAMPLES / f"baserow_{name}.json").read_text("utf-8"))


REPLAYED = sorted(
    name
    for path in SAMPLES.glob("*.json")
    if (name := path.stem.removeprefix("baserow_")) not in NOT_REPLAYED
)


def recorded_school() -> list[StubTable]:
    """The four tables that were recorded; rows that no sample shows are left out."""
    classes = StubTable(1, "Classes", [column(1, "Nom", primary=True)])
    parents = StubTable(2, "Parents", [column(3, "Code"), column(4, "Nom")])
    parents.fields += [column(5, "Prénom"), column(6, "Email"), column(7, "Téléphone")]
    children = StubTable(3, "Enfants", sample("fields")["body"])
    parents.fields.append(link_to(15, "Enfants", children))
    payments = StubTable(
        4,
        "Paiements",
        [
            column(17, "Référence"),
            column(18, "Libellé"),
            column(19, "Montant", "number"),
            column(20, "Payé", "boolean"),
            link_to(21, "Parent", parents),
            column(22, "Échéance", "date"),
        ],
    )
    parents.fields.append(link_to(24, "Paiements", payments))
    codes = sample("filter_empty_value_returns_all")["body"]["results"]
    [first] = sample("filter_simple")["body"]["results"]
    for each in [first, *codes[1:]]:
        parents.add(each["id"], **_cells(each))
    for each in sample("list_user_field_names")["body"]["results"]:
        children.add(each["id"], **_cells(each))
    for row_id in (3, 4):  # counted, not shown
        children.add(row_id, Nom="Ndiaye")
    for each in sample("filter_unknown_name_returns_all")["body"]["results"]:
        payments.add(each["id"], **_cells(each))
    return [classes, parents, children, payments]


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    return {name: cell for name, cell in row.items() if name not in ("id", "order")}


def test_there_are_samples() -> None:
    assert len(REPLAYED) > 20


@pytest.mark.parametrize("name", REPLAYED)
def test_it_answers_what_a_real_one_answered(name: str) -> None:
    recorded = sample(name)
    request = recorded["request"]
    counterpart = BaserowCounterpart(recorded_school())
    query = urlencode(request["params"] or {})

    answer = counterpart.answer(
        request["method"], f"{request['path']}?{query}", f"Token {TOKEN}"
    )

    assert answer.status == recorded["status"]
    assert _without_links(answer.body) == _without_links(recorded["body"])


def _without_links(body: Any) -> Any:
    if "results" not in body:
        return body
    return {k: bool(v) if k in LINKS else v for k, v in body.items()}


@pytest.mark.parametrize(
    ("name", "authorization"),
    [("err_no_auth", "Bearer x"), ("err_bad_token", "Token another")],
)
def test_it_knows_who_may_not_ask(name: str, authorization: str) -> None:
    recorded = sample(name)
    path = recorded["request"]["path"]

    answer = BaserowCounterpart(recorded_school()).answer("GET", path, authorization)

    assert (answer.status, answer.body) == (recorded["status"], recorded["body"])


def test_it_throttles_as_a_real_one_did() -> None:
    recorded = sample("err_throttled")

    answer = BaserowCounterpart([]).answer("GET", "/api/x/", "", is_throttled=True)

    assert (answer.status, answer.body) == (recorded["status"], recorded["body"])
    assert answer.headers["retry-after"] == recorded["headers"]["retry-after"]


@pytest.mark.parametrize(
    "query",
    [
        "user_field_names=true&filter__Inconnu__equal=P1000",
        "filter__Code__equal=P1000",
        "user_field_names=true&filter_Code_equal=P1000",
        "user_field_names=true&filter__Code__equal=",
        'filters={"filters":[{"field":3,"type":"equal","value":""}]}',
        'filters={"filters":[{"field":15,"type":"link_row_has","value":"P1000"}]}',
        "search=",
    ],
)
def test_it_fails_open_where_a_real_one_does(query: str) -> None:
    counterpart = BaserowCounterpart(recorded_school())

    answer = counterpart.answer(
        "GET", f"/api/database/rows/table/2/?{query}", f"Token {TOKEN}"
    )

    assert (answer.status, answer.body["count"]) == (200, 5)
