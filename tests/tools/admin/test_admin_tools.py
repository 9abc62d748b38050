import json
from dataclasses import replace
from typing import Any

import pytest

from tests.tools.school import (
    ADMIN,
    AWA,
    CANARY,
    FATOU,
    PARENT,
    PUBLIC,
    School,
    call,
    with_profiles,
)
from tools.errors import BackendRefused, BackendUnavailable
from tools.profile import Profile


@pytest.mark.parametrize(
    "words", ["Awa Seck", "awa sekc", "AWÄ", "Ava Seck", "seck awa", "9901"]
)
async def test_a_person_is_found_however_the_name_is_spelt(
    school: School, words: str
) -> None:
    answer = await call(await school.admin(), "find_people", words=words)

    assert answer["people"][0] == {
        "table": "guardians",
        "row": {"first": "Awa", "last": "Seck", "phone": "+221770009901"},
    }


async def test_who_is_not_found_is_suggested(school: School) -> None:
    answer = await call(await school.admin(), "find_people", words="Fatima Ndoa")

    assert answer["people"] == []
    assert answer["suggestions"][0]["row"]["first"] == "Fatou"


async def test_who_is_not_near_is_not_suggested(school: School) -> None:
    answer = await call(await school.admin(), "find_people", words="Wxyzk")

    assert answer == {"people": [], "count": 0, "suggestions": []}


async def test_at_most_ten_people_are_shown(school: School) -> None:
    school.tables.kept = {
        "guardians": [{"first": "Awa", "last": f"Seck{n}"} for n in range(15)],
        "rooms": [],
    }

    answer = await call(await school.admin(), "find_people", words="awa")

    assert len(answer["people"]) == 10
    assert answer["count"] == 15


async def test_nobody_is_found_without_a_word(school: School) -> None:
    with pytest.raises(BackendRefused, match="at least one word"):
        await call(await school.admin(), "find_people", words=" *% ")


async def test_a_table_is_read_with_its_listed_fields(school: School) -> None:
    answer = await call(await school.admin(), "query_table", table="Guardians")

    assert answer["count"] == 4
    assert answer["table"] == "guardians"
    assert set(answer["rows"][0]) == {"first", "last", "phone"}


@pytest.mark.parametrize(
    ("field", "equals", "count"),
    [("first", "fatou", 1), ("LAST", "séck", 2), ("first", "%", 0), ("first", "", 0)],
)
async def test_rows_are_compared_without_case_and_accents(
    school: School, field: str, equals: str, count: int
) -> None:
    answer = await call(
        await school.admin(),
        "query_table",
        table="guardians",
        field=field,
        equals=equals,
    )

    assert answer["count"] == count


async def test_numbers_of_a_table_are_compared_as_numbers(school: School) -> None:
    answer = await call(
        await school.admin(), "query_table", table="rooms", field="seats", equals="30.0"
    )

    assert answer["rows"] == [{"room": "Baobab", "seats": "30"}]


@pytest.mark.parametrize(("limit", "shown"), [(2, 2), (0, 1), (-5, 1), (9999, 50)])
async def test_at_most_fifty_rows_of_a_table_are_shown(
    school: School, limit: int, shown: int
) -> None:
    school.tables.kept = {"rooms": [{"room": str(n), "seats": "1"} for n in range(60)]}

    answer = await call(await school.admin(), "query_table", table="rooms", limit=limit)

    assert len(answer["rows"]) == shown
    assert answer["count"] == 60


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"table": "marks"}, "guardians, rooms"),
        ({"table": "*"}, "guardians, rooms"),
        ({"table": "guardians", "field": "code", "equals": AWA}, "first, last, phone"),
        ({"table": "guardians", "equals": AWA}, "first, last, phone"),
        ({"table": "guardians", "field": "first"}, "`equals`"),
    ],
)
async def test_what_is_not_open_is_answered_with_what_is(
    school: School, arguments: dict[str, Any], said: str
) -> None:
    with pytest.raises(BackendRefused, match=said) as refusal:
        await call(await school.admin(), "query_table", **arguments)

    assert AWA not in str(refusal.value)


async def test_without_a_list_everything_but_codes_is_open(school: School) -> None:
    everything = replace(ADMIN, tables=None)
    context = with_profiles(await school.admin(), PARENT, PUBLIC, everything)

    marks = await call(context, "query_table", table="marks")
    guardians = await call(context, "query_table", table="guardians")
    found = await call(context, "find_people", words="aminata")

    assert set(marks["rows"][0]) == {"first_name", "term", "subject", "mark"}
    assert set(guardians["rows"][0]) == {"first", "last", "phone"}
    assert found["count"] > 0
    for answer in (marks, guardians, found):
        assert FATOU not in json.dumps(answer)


@pytest.mark.parametrize("admin", [None, replace(ADMIN, tables={})])
async def test_a_world_that_opens_no_table_shows_none(
    school: School, admin: Profile | None
) -> None:
    profiles = [PARENT] if admin is None else [PARENT, admin]
    context = with_profiles(await school.admin(), *profiles)

    for tool, arguments in (
        ("find_people", {"words": "awa"}),
        ("query_table", {"table": "guardians"}),
    ):
        with pytest.raises(BackendRefused, match="no table is open"):
            await call(context, tool, **arguments)


async def test_open_requests_are_listed_without_names(school: School) -> None:
    for by, urgent in (("telegram:1", False), ("whatsapp:+221770009977", True)):
        asker = await school.wrote("humain", by=by)
        await call(asker, "hand_off_to_human", reason=CANARY, urgent=urgent)

    answer = await call(await school.admin(), "list_handoffs")

    assert answer["count"] == 2
    assert answer["handoffs"][0] == {
        "number": 2,
        "state": "waiting",
        "urgent": True,
        "since": "2026-11-23T10:00:00+00:00",
        "channel": "whatsapp",
    }
    assert CANARY not in str(answer)


async def test_an_action_for_admins_shows_its_rows(school: School) -> None:
    answer = await call(await school.admin(), "see_rooms")

    assert answer["rows"] == [{"room": "Baobab", "seats": "30"}]


async def test_every_use_stands_in_the_audit_also_a_refused_one(
    school: School,
) -> None:
    admin, visitor = await school.admin(), await school.wrote("bonjour")
    await call(admin, "find_people", words="awa")
    await call(admin, "see_rooms")
    for context in (admin, visitor):
        with pytest.raises(BackendRefused):
            await call(context, "query_table", table="marks")
    school.tables.is_down = True
    with pytest.raises(BackendUnavailable):
        await call(admin, "find_people", words="awa")

    entries = await school.desk.memory.audit.all()

    assert [(e.contact_id, e.tool, str(e.outcome)) for e in entries] == [
        (admin.contact.id, "find_people", "ok"),
        (admin.contact.id, "see_rooms", "ok"),
        (admin.contact.id, "query_table", "refused"),
        (visitor.contact.id, "query_table", "refused"),
        (admin.contact.id, "find_people", "unavailable"),
    ]
    assert json.loads(entries[0].arguments) == {"words": "awa"}
