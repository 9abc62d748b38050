from dataclasses import replace

import pytest

from memory.records import Service
from tools.errors import BackendRefused, BackendUnavailable

from .school import (
    ABSENCES,
    AWA,
    CANARY,
    HOLDERS,
    MALICK,
    MARKS,
    NOBODYS,
    PARENT,
    PUBLIC,
    School,
    call,
    call_without_owner_check,
    canary,
    marks_of,
    with_profiles,
)


async def test_a_parent_sees_the_rows_of_their_own_children(school: School) -> None:
    context = await school.parent(AWA)

    answer = await call(context, "see_marks")

    assert answer == {
        "rows": [
            {
                "first_name": "Aminata",
                "term": "1",
                "subject": "Chant",
                "mark": "14.5",
            },
            {
                "first_name": "Aminata",
                "term": "2",
                "subject": "Théâtre",
                "mark": "11",
            },
        ],
        "count": 2,
        "fields": ["first_name", "term", "subject", "mark"],
    }
    assert context.services == {Service.CATECHESE}
    assert context.minor_names == {"Aminata"}


async def test_two_guardians_share_a_child_and_nothing_else(school: School) -> None:
    mother = await call(await school.parent(AWA), "see_marks")
    father = await call(await school.parent("rt9043", by="telegram:2"), "see_marks")

    assert {row["first_name"] for row in mother["rows"]} == {"Aminata"}
    assert {row["first_name"] for row in father["rows"]} == {"Aminata", "Omar"}


async def test_the_same_first_name_in_two_families_are_two_children(
    school: School,
) -> None:
    answer = await call(await school.parent(AWA), "see_absences", kid="Aminata")

    assert [row["day"] for row in answer["rows"]] == ["lundi"]


@pytest.mark.parametrize("kid", ["omar", "OMAR ", "Ômar", "omarr", "Omar Seck"])
async def test_a_child_is_found_however_the_name_is_spelt(
    school: School, kid: str
) -> None:
    answer = await call(await school.parent(MALICK), "see_marks", kid=kid)

    assert [row["mark"] for row in answer["rows"]] == ["8"]


async def test_an_unknown_child_is_answered_with_the_parents_own(
    school: School,
) -> None:
    context = await school.parent(MALICK)
    stranger = canary()

    with pytest.raises(BackendRefused, match="Aminata, Omar") as refusal:
        await call(context, "see_marks", kid=stranger)

    assert stranger not in str(refusal.value)
    assert context.minor_names == {"Aminata", "Omar"}


async def test_a_child_without_rows_here_is_still_the_parents_own(
    school: School,
) -> None:
    answer = await call(await school.parent(MALICK), "see_absences", kid="Omar")

    assert answer["rows"] == []
    assert answer["count"] == 0
    assert "nothing is registered" in answer["note"]


async def test_a_parent_without_rows_gets_an_empty_answer(school: School) -> None:
    kept = school.tables.kept
    newcomer = {"code": NOBODYS, "first": HOLDERS[NOBODYS]}
    school.tables.kept = {**kept, "guardians": [*kept["guardians"], newcomer]}
    context = await school.parent(NOBODYS)

    assert (await call(context, "see_marks"))["count"] == 0
    with pytest.raises(BackendRefused, match="nothing is registered"):
        await call(context, "see_marks", kid="Aminata")


@pytest.mark.parametrize("term", [1, 1.0, "1", "1.0"])
async def test_numbers_are_compared_as_numbers(school: School, term: object) -> None:
    answer = await call(await school.parent(MALICK), "see_marks", term=term)

    assert [row["first_name"] for row in answer["rows"]] == ["Aminata", "Omar"]


async def test_parameters_narrow_together(school: School) -> None:
    answer = await call(
        await school.parent(AWA), "see_marks", kid="aminata", subject="theatre", term=2
    )

    assert [row["mark"] for row in answer["rows"]] == ["11"]


async def test_a_text_that_stands_nowhere_is_answered_with_those_that_do(
    school: School,
) -> None:
    answer = await call(await school.parent(AWA), "see_marks", subject="Latin")

    assert answer["rows"] == []
    assert answer["choices"] == {"subject": ["Chant", "Théâtre"]}


async def test_at_most_fifty_rows_are_shown(school: School) -> None:
    rows = [marks_of(AWA, "Aminata", "1", "Chant", str(n)) for n in range(60)]
    school.tables.kept = {**school.tables.kept, "marks": rows}

    answer = await call(await school.parent(AWA), "see_marks")

    assert len(answer["rows"]) == 50
    assert answer["count"] == 60
    assert "first 50" in answer["note"]


async def test_only_the_fields_of_the_action_are_shown(school: School) -> None:
    secret = {**marks_of(AWA, "Aminata", "1", "Chant", "12"), "diary": canary()}
    school.tables.kept = {**school.tables.kept, "marks": [secret]}

    answer = await call(await school.parent(AWA), "see_marks")

    assert CANARY not in str(answer)
    assert AWA not in str(answer)


async def test_a_field_that_a_row_lacks_is_empty(school: School) -> None:
    school.tables.kept = {
        **school.tables.kept,
        "marks": [{"guardians": AWA, "mark": "12"}],
    }

    answer = await call(await school.parent(AWA), "see_marks")

    assert answer["rows"][0]["subject"] == ""


async def test_the_rows_of_a_public_action_are_for_everybody(school: School) -> None:
    context = await school.wrote("bonjour")

    answer = await call(context, "see_opening_hours", day="mardi")

    assert answer["rows"] == [{"day": "Mardi", "hours": "fermé"}]
    assert context.services == {Service.RENSEIGNEMENT}


async def test_a_visitor_is_told_to_give_a_code_first(school: School) -> None:
    with pytest.raises(BackendRefused, match="parent code"):
        await call(await school.wrote("bonjour"), "see_marks")


async def test_a_code_of_another_profile_opens_nothing(school: School) -> None:
    other = replace(PARENT, name="other")

    context = with_profiles(await school.parent(AWA), other, PUBLIC)

    with pytest.raises(BackendRefused):
        await call(context, "see_marks")


async def test_an_action_without_owner_shows_nothing_of_a_family(
    school: School,
) -> None:
    broken = replace(PARENT, actions=(replace(MARKS, owner_field=None), ABSENCES))
    context = with_profiles(await school.parent(AWA), broken)

    with pytest.raises(BackendRefused, match="no owner"):
        await call(context, "see_marks")


async def test_an_ended_session_shows_nothing(school: School) -> None:
    await school.parent(AWA)
    school.clock.forward(minutes=31)

    with pytest.raises(BackendRefused):
        await call(await school.wrote("et les notes ?"), "see_marks")


async def test_tables_that_are_away_are_said_to_be(school: School) -> None:
    context = await school.parent(AWA)
    school.tables.is_down = True

    with pytest.raises(BackendUnavailable):
        await call(context, "see_marks")


async def test_the_owner_check_is_what_keeps_families_apart(school: School) -> None:
    """The backend ignores every filter: without our check it all comes out."""
    context = await school.parent(AWA)
    for arguments in ({}, {"kid": "Aminata"}, {"term": 1}):
        kept_apart = await call(context, "see_marks", **arguments)
        mixed_up = await call_without_owner_check(context, "see_marks", **arguments)

        assert CANARY not in str(kept_apart)
        assert CANARY in str(mixed_up)
