import pytest

from memory.records import Service
from tools.errors import BackendRefused, BackendUnavailable

from .school import AWA, FATOU, MALICK, School, call, canary, with_profiles
from .school import PARENT as PARENT_PROFILE


async def test_a_code_that_the_contact_wrote_proves_who_they_are(
    school: School,
) -> None:
    context = await school.wrote("voici mon code : qx 88 12, merci")

    answer = await call(context, "verify_parent_code", code="QX-8812")

    assert answer == {"verified": True, "name": "Awa Seck", "children": ["Aminata"]}
    assert context.role == "parent"
    assert context.services == {Service.CATECHESE}
    kept = await school.desk.memory.sessions.of(context.contact.id)
    assert kept.parent == context.session.parent
    assert kept.parent is not None
    assert kept.parent.code == AWA


async def test_a_parent_may_prove_another_code_afterwards(school: School) -> None:
    context = await school.wrote(f"{AWA} puis {MALICK}")

    await call(context, "verify_parent_code", code=AWA)
    answer = await call(context, "verify_parent_code", code=MALICK)

    assert answer["name"] == "Malick Seck"


@pytest.mark.parametrize("said", ["", "bonjour", "8812", "QX-88123", "QX"])
async def test_a_code_that_the_contact_did_not_write_is_refused_and_not_counted(
    school: School, said: str
) -> None:
    context = await school.wrote(said or "-")

    for _ in range(7):
        with pytest.raises(BackendRefused) as refusal:
            await call(context, "verify_parent_code", code=AWA)
        assert "8812" not in str(refusal.value)

    assert context.role == "visitor"
    again = await school.wrote(AWA)
    assert (await call(again, "verify_parent_code", code=AWA))["verified"]


@pytest.mark.parametrize("code", ["", "  ", "--", "qx", "*", "%%%", "​"])
async def test_what_is_no_code_is_refused(school: School, code: str) -> None:
    context = await school.wrote(code or "-", AWA)

    with pytest.raises(BackendRefused, match="Invalid"):
        await call(context, "verify_parent_code", code=code)


@pytest.mark.parametrize(
    "code",
    [
        "QX-8813",
        "QX-8812;RT 9043",
        "' OR 1=1 --",
        '{"$ne": null}',
        "QX8___",
        "Sans Code",
    ],
)
async def test_a_wrong_code_proves_nothing(school: School, code: str) -> None:
    context = await school.wrote(code)

    answer = await call(context, "verify_parent_code", code=code)

    assert answer == {"verified": False, "reason": "wrong"}
    assert context.session.parent is None


async def test_an_empty_code_in_the_list_is_nobodys(school: School) -> None:
    school.tables.kept = {"guardians": [{"code": "", "first": "A"}, {"code": " ; "}]}
    context = await school.wrote("abc")

    assert not (await call(context, "verify_parent_code", code="abc"))["verified"]


async def test_a_code_that_two_people_hold_opens_nothing(school: School) -> None:
    school.tables.kept = {
        "guardians": [
            {"code": "AA-111", "first": canary()},
            {"code": "aa 111", "first": canary()},
        ]
    }
    context = await school.wrote("AA-111")

    with pytest.raises(BackendRefused, match="cannot be used") as refusal:
        await call(context, "verify_parent_code", code="AA-111")

    assert context.role == "visitor"
    assert "111" not in str(refusal.value)


async def test_a_row_may_hold_several_codes(school: School) -> None:
    school.tables.kept = {"guardians": [{"code": "AA-111; BB-222", "first": "Awa"}]}
    context = await school.wrote("bb222")

    await call(context, "verify_parent_code", code="bb222")

    assert context.session.parent is not None
    assert context.session.parent.code == "BB-222"


async def test_a_world_without_parent_codes_knows_no_code(school: School) -> None:
    context = with_profiles(await school.wrote(AWA))

    assert not (await call(context, "verify_parent_code", code=AWA))["verified"]


async def test_nothing_is_counted_while_the_tables_are_away(school: School) -> None:
    context = await school.wrote("ZZ-1 ZZ-2 ZZ-3 ZZ-4 ZZ-5 ZZ-6")
    school.tables.is_down = True
    for number in range(1, 7):
        with pytest.raises(BackendUnavailable):
            await call(context, "verify_parent_code", code=f"ZZ-{number}")

    school.tables.is_down = False
    again = await school.wrote(FATOU)

    assert (await call(again, "verify_parent_code", code=FATOU))["verified"]


async def test_an_admin_in_super_admin_mode_proves_no_code(school: School) -> None:
    context = await school.admin()
    context.said = (AWA,)

    with pytest.raises(BackendRefused, match="super-admin mode"):
        await call(context, "verify_parent_code", code=AWA)


async def test_the_session_says_which_profile_was_opened(school: School) -> None:
    context = with_profiles(await school.wrote(AWA), PARENT_PROFILE)

    await call(context, "verify_parent_code", code=AWA)

    assert context.session.parent is not None
    assert context.session.parent.profile == "parent"
