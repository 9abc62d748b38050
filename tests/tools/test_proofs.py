"""What a code opens, beside whom, and when it is closed again."""

from dataclasses import replace

import pytest

from tools.errors import BackendRefused, BackendUnavailable
from tools.profile import IdentityTable, Profile
from tools.proofs import is_same_person

from .school import AWA, FATOU, MALICK, PROFILES, School, call, marks_of

SECOND = "QX-9900"


def rename(school: School, code: str, /, **changed: str) -> None:
    """The service corrects the guardian of a code."""
    rows = school.tables.kept["guardians"]
    school.tables.kept = {
        **school.tables.kept,
        "guardians": [
            {**row, **changed} if row["code"] == code else row for row in rows
        ],
    }


def give_awa_a_second_code(school: School) -> None:
    kept = school.tables.kept
    guardian = {"code": SECOND, "first": "Awa", "last": "Seck", "phone": ""}
    school.tables.kept = {
        **kept,
        "guardians": [*kept["guardians"], guardian],
        "marks": [
            *kept["marks"],
            marks_of(SECOND, "Zeynab", "1", "Chant", "17"),
            marks_of(f"{SECOND};{AWA}", "Aminata", "3", "Chant", "19"),
        ],
    }


async def children(school: School, by: str = "telegram:1") -> set[str]:
    """Whose marks a contact sees when they ask now."""
    context = await school.wrote("ses notes ?", by=by)
    answer = await call(context, "see_marks")
    return {row["first_name"] for row in answer["rows"]}


async def prove(school: School, code: str, by: str = "telegram:1") -> object:
    context = await school.wrote(code, by=by)
    return (await call(context, "verify_parent_code", code=code))["verified"]


async def test_two_guardians_of_a_child_see_it_and_do_not_see_each_other(
    school: School,
) -> None:
    assert await prove(school, AWA, by="telegram:1")
    assert await prove(school, MALICK, by="telegram:2")

    assert await children(school, by="telegram:1") == {"Aminata"}
    assert await children(school, by="telegram:2") == {"Aminata", "Omar"}


async def test_a_guardian_with_two_codes_sees_the_children_of_both_once(
    school: School,
) -> None:
    give_awa_a_second_code(school)
    await prove(school, AWA)

    context = await school.wrote(SECOND)
    answer = await call(context, "verify_parent_code", code=SECOND)

    assert answer["children"] == ["Aminata", "Zeynab"]
    assert await children(school) == {"Aminata", "Zeynab"}
    rows = (await call(await school.wrote("?"), "see_marks"))["rows"]
    assert sorted(row["mark"] for row in rows) == ["11", "14.5", "17", "19"]


async def test_a_phone_that_goes_from_hand_to_hand_shows_one_family_at_a_time(
    school: School,
) -> None:
    await prove(school, AWA)
    await prove(school, FATOU)

    context = await school.wrote("?")

    assert [parent.code for parent in context.session.parents] == [FATOU]


async def test_a_code_that_is_gone_is_asked_for_again(school: School) -> None:
    await prove(school, AWA)
    rename(school, AWA, code="QX-0001")

    with pytest.raises(BackendRefused, match="Ask for the parent code first"):
        await children(school)

    assert (await school.wrote("?")).role == "visitor"
    assert await prove(school, "QX-0001")
    assert await children(school) == set()  # the new code has no rows yet


async def test_a_code_that_says_somebody_else_now_opens_nothing_to_the_first(
    school: School,
) -> None:
    await prove(school, AWA)
    rename(school, AWA, first="Khady", last="Sow")

    with pytest.raises(BackendRefused, match="Ask for the parent code first"):
        await children(school)
    with pytest.raises(BackendRefused, match="belongs to somebody else now"):
        await prove(school, AWA)  # they still know it

    assert (await school.wrote("?")).role == "visitor"
    assert await prove(school, AWA, by="telegram:2")  # who holds it now
    assert await children(school, by="telegram:2") == {"Aminata"}


async def test_a_code_that_two_people_hold_now_opens_nothing_any_more(
    school: School,
) -> None:
    await prove(school, AWA)
    rename(school, MALICK, code=AWA)

    with pytest.raises(BackendRefused, match="Ask for the parent code first"):
        await children(school)


async def test_a_corrected_name_closes_nothing(school: School) -> None:
    await prove(school, AWA)
    rename(school, AWA, first="Awa Marie", last="Seckh")

    assert await children(school) == {"Aminata"}
    assert await prove(school, AWA)


async def test_of_two_codes_the_one_that_still_holds_stays(school: School) -> None:
    give_awa_a_second_code(school)
    await prove(school, AWA)
    await prove(school, SECOND)
    rename(school, SECOND, code="elsewhere")

    assert await children(school) == {"Aminata"}


async def test_nothing_is_shown_while_it_cannot_be_checked(school: School) -> None:
    await prove(school, AWA)
    school.tables.is_down = True
    with pytest.raises(BackendUnavailable):
        await children(school)

    school.tables.is_down = False

    assert await children(school) == {"Aminata"}  # an outage closes nothing


async def test_what_staff_withdrew_is_refused_at_once_and_when_proved_again(
    school: School,
) -> None:
    await prove(school, AWA)
    context = await school.wrote("?")
    grants = school.desk.memory.grants
    [grant] = await grants.of(context.contact.id)

    await grants.revoke(grant)

    with pytest.raises(BackendRefused, match="Ask for the parent code first"):
        await children(school)
    for spelling in (AWA, "qx 8812"):
        with pytest.raises(BackendRefused, match="withdrawn"):
            await prove(school, spelling)
    assert await prove(school, MALICK, by="telegram:2")

    assert await grants.restore(grant.id)
    assert await prove(school, AWA)


async def test_a_child_may_be_withheld_from_one_guardian(school: School) -> None:
    await prove(school, MALICK, by="telegram:1")
    context = await school.wrote("?")
    grants = school.desk.memory.grants
    [grant] = await grants.of(context.contact.id)

    await grants.revoke(grant, child="aminata")

    assert await children(school) == {"Omar"}
    again = await school.wrote(MALICK)
    answer = await call(again, "verify_parent_code", code=MALICK)
    assert answer["children"] == ["Omar"]
    with pytest.raises(BackendRefused, match="Theirs are: Omar"):
        await call(again, "see_marks", kid="Aminata")
    assert await prove(school, AWA, by="telegram:2")
    assert await children(school, by="telegram:2") == {"Aminata"}


async def test_a_code_of_one_profile_opens_no_row_of_another(school: School) -> None:
    """A family left, its rows stayed, and the team gives its code to a catechist."""
    kept = school.tables.kept
    school.tables.kept = {
        **kept,
        "team": [{"code": SECOND, "name": "Awa Seck"}],
        "marks": [*kept["marks"], marks_of(SECOND, "Zeynab", "1", "Chant", "17")],
    }
    identity = IdentityTable(table="team", code_field="code", name_fields=("name",))
    team = Profile(name="team", requires="parent_code", identity=identity)
    school.desk = replace(school.desk, profiles={**PROFILES, "team": team})

    assert await prove(school, AWA)
    context = await school.wrote(SECOND)
    answer = await call(context, "verify_parent_code", code=SECOND)

    assert answer["verified"]
    assert len(context.session.parents) == 2
    assert await children(school) == {"Aminata"}


@pytest.mark.parametrize(
    ("written", "withheld", "left"),
    [
        ("Aminata", "Aminata Seck", {"Omar"}),
        ("Aminata Seck", "aminata", {"Omar"}),
        ("Seck Aminata", "Aminata Seck", {"Omar"}),
        ("Marie-Aminata", "Aminata", {"Marie-Aminata", "Omar"}),  # a sister
    ],
)
async def test_a_child_is_withheld_with_its_family_name_or_without(
    school: School, written: str, withheld: str, left: set[str]
) -> None:
    school.tables.kept = {
        **school.tables.kept,
        "marks": [
            {**row, "first_name": row["first_name"].replace("Aminata", written)}
            for row in school.tables.kept["marks"]
        ],
    }
    await prove(school, MALICK)
    grants = school.desk.memory.grants
    [grant] = await grants.of((await school.wrote("?")).contact.id)

    await grants.revoke(grant, child=withheld)

    assert await children(school) == left


@pytest.mark.parametrize(
    ("name", "other", "is_same"),
    [
        ("Awa Seck", "SECK Awa", True),
        ("Awa Seck", "Awa Marie Seck", True),
        ("Hélène Faye", "Helene Fayé", True),
        ("Mamadou Diop", "Mamadu Diop", True),
        ("Awa Diop", "Moussa Diop", False),
        ("Awa Diop", "Awa Sarr", False),
        ("Awa Diop", "", False),
        ("", "", True),
    ],
)
def test_one_person_is_known_by_a_corrected_name(
    name: str, other: str, is_same: bool
) -> None:
    assert is_same_person(name, other) is is_same
    assert is_same_person(other, name) is is_same
