from pathlib import Path

from memory import open_memory
from tests.conftest import Clock
from tools.context import ToolContext

from .school import AWA, School, call


async def give(context: ToolContext, code: str) -> dict[str, object]:
    return await call(context, "verify_parent_code", code=code)


async def give_wrong_codes(school: School, count: int, by: str = "telegram:1") -> None:
    for number in range(count):
        context = await school.wrote(f"ZZ-{number:03}", by=by)
        await give(context, f"ZZ-{number:03}")


async def test_after_five_wrong_codes_even_the_right_one_is_refused(
    school: School,
) -> None:
    await give_wrong_codes(school, 4)
    fifth = await give(await school.wrote("ZZ-900"), "ZZ-900")

    context = await school.wrote(AWA)
    sixth = await give(context, AWA)

    assert fifth["reason"] == "locked"
    assert sixth["reason"] == "locked"
    assert sixth["locked_minutes"] == 15
    assert sixth["locked_until"] == "2026-11-23T10:15:00+00:00"
    assert context.role == "visitor"
    assert AWA not in str(sixth)


async def test_four_wrong_codes_lock_nobody(school: School) -> None:
    await give_wrong_codes(school, 4)

    assert (await give(await school.wrote(AWA), AWA))["verified"]


async def test_the_lock_opens_after_fifteen_minutes(school: School) -> None:
    await give_wrong_codes(school, 5)

    school.clock.forward(minutes=14, seconds=59)
    locked = await give(await school.wrote(AWA), AWA)
    school.clock.forward(seconds=1)
    opened = await give(await school.wrote(AWA), AWA)

    assert locked["locked_minutes"] == 1
    assert opened["verified"]


async def test_the_lock_holds_for_one_contact_only(school: School) -> None:
    await give_wrong_codes(school, 5)

    context = await school.wrote(AWA, by="telegram:2")

    assert (await give(context, AWA))["verified"]


async def test_wrong_codes_are_counted_over_a_restart(
    tmp_path: Path, clock: Clock
) -> None:
    url = f"sqlite:///{tmp_path}/restart.db"
    async with open_memory(url, now=clock) as before:
        await give_wrong_codes(School(before, clock), 5)

    async with open_memory(url, now=clock) as after:
        school = School(after, clock)
        locked = await give(await school.wrote(AWA), AWA)

    assert locked["reason"] == "locked"


async def test_a_turn_that_runs_again_counts_its_wrong_code_once(
    school: School,
) -> None:
    context = await school.wrote("ZZ-001")

    answers = [await give(context, "zz 001") for _run in range(6)]

    assert answers == [{"verified": False, "reason": "wrong"}] * 6
    assert (await give(await school.wrote(AWA), AWA))["verified"]


async def test_many_codes_in_one_message_are_counted_each(school: School) -> None:
    codes = [f"ZZ-{number:03}" for number in range(6)]
    context = await school.wrote(" ou ".join([*codes, AWA]))

    answers = [await give(context, code) for code in [*codes, AWA]]

    assert [answer["reason"] for answer in answers[:4]] == ["wrong"] * 4
    assert {answer.get("reason") for answer in answers[4:]} == {"locked"}
    assert context.role == "visitor"


async def attack(school: School, wrong_codes: int) -> None:
    for number in range(wrong_codes):
        await give_wrong_codes(school, 1, by=f"telegram:{10 + number}")


async def alerts(school: School, admin: ToolContext) -> list[str]:
    sent = await school.desk.memory.outbox.of_conversation(admin.conversation.id)
    return [outgoing.text for outgoing in sent]


async def test_twenty_wrong_codes_in_an_hour_alert_the_admins_once(
    school: School,
) -> None:
    admin = await school.wrote("bonjour", by="telegram:900")

    await attack(school, 19)
    assert await alerts(school, admin) == []
    await attack(school, 4)

    assert len(await alerts(school, admin)) == 1
    text = (await alerts(school, admin))[0]
    assert "20 codes" in text
    assert "ZZ" not in text


async def test_every_answer_to_a_code_is_slowed_during_an_attack(
    school: School,
) -> None:
    await attack(school, 19)
    assert school.pauses == 0
    await attack(school, 1)
    assert school.pauses == 1

    right = await give(await school.wrote(AWA), AWA)

    assert right["verified"]
    assert school.pauses == 2


async def test_an_attack_is_over_an_hour_later(school: School) -> None:
    admin = await school.wrote("bonjour", by="telegram:900")
    await attack(school, 20)
    school.clock.forward(hours=1, seconds=1)

    await give_wrong_codes(school, 1)

    assert school.pauses == 1
    assert len(await alerts(school, admin)) == 1


async def test_an_alert_lost_in_a_crash_is_sent_with_the_next_wrong_code(
    school: School,
) -> None:
    await attack(school, 20)  # no admin can be reached yet
    admin = await school.wrote("bonjour", by="telegram:900")

    await give_wrong_codes(school, 1)

    assert len(await alerts(school, admin)) == 1


async def test_no_admin_needs_to_have_written(school: School) -> None:
    await attack(school, 21)

    assert school.pauses == 2
