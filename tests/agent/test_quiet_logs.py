"""Nothing that a person wrote, is called or has proved ever goes to a log."""

import asyncio
from collections.abc import Sequence

import pytest
import structlog
from pydantic_ai.exceptions import ModelHTTPError, UnexpectedModelBehavior

from memory import InProcessEngine, Memory
from tests.conftest import Clock
from tools.errors import BackendRefused, BackendUnavailable

from .house import CHILD, CODE, OTHER_CODE, PARENT_NAME, House, build_house
from .scripted import Step, call

WORDS = "ma fille tousse depuis lundi"
PHONE = "whatsapp:+221770000321"
PRIVATE = (WORDS, CHILD, PARENT_NAME, CODE, OTHER_CODE, PHONE, "+221770000321", "13.75")

STEPS: Sequence[Step] = (
    call("verify_parent_code", code=OTHER_CODE),
    f"Ce n'est pas {OTHER_CODE}.",
    call("verify_parent_code", code=CODE),
    call("see_marks", child=CHILD),
    f"{CHILD} a 13.75.",
    call("see_marks", child=CHILD),
    "Désolé.",
    call("see_marks", child=CHILD),
    "Désolé.",
    call(f"notes_of_{CHILD}", code=CODE),
    "Désolé.",
    call("search_documents", words=WORDS),
    "Désolé.",
    call("hand_off_to_human", reason=WORDS, urgent=False),
    "J'ai transmis.",
    ModelHTTPError(400, "scripted", body=WORDS),
    UnexpectedModelBehavior(f"{WORDS} {CODE}", body=CHILD),
    LookupError(f"{WORDS} {PARENT_NAME}"),
)


async def a_bad_day(memory: Memory, clock: Clock) -> None:
    """All that can go wrong in a conversation goes wrong."""
    house = build_house(memory, clock, *STEPS)
    await _says(house, f"{WORDS} {OTHER_CODE}")
    await _says(house, f"{WORDS} {CODE}")
    house.tables.faults = [ValueError(f"{CHILD} {CODE}")]
    await _says(house, f"{WORDS} {CHILD}")
    house.tables.faults = [BackendUnavailable(CHILD), BackendRefused(CHILD)]
    await _says(house, f"{WORDS} {CHILD}")
    for _ in range(3):
        await _says(house, WORDS)
    engine = InProcessEngine(
        memory.inbox.waiting_conversations, max_concurrent_turns=2, sweep_s=0.01
    )
    await house.hears(WORDS, by=PHONE)
    await engine.start(house.answering.drain)
    async with asyncio.timeout(10):
        while not await memory.inbox.parked():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await engine.stop()


async def _says(house: House, text: str) -> None:
    assert await house.answers(text, by=PHONE)


async def test_no_event_holds_anything_private(memory: Memory, clock: Clock) -> None:
    with structlog.testing.capture_logs() as logs:
        await a_bad_day(memory, clock)

    events = {log["event"] for log in logs}
    assert {
        "turn_finished",
        "turn_without_reply",
        "tool_broke",
        "tool_unavailable",
        "drain_failed",
    } <= events
    assert not [word for word in PRIVATE if word in str(logs)]


async def test_nothing_private_is_printed(
    memory: Memory, clock: Clock, capfd: pytest.CaptureFixture[str]
) -> None:
    await a_bad_day(memory, clock)

    printed = "".join(capfd.readouterr())
    assert "turn_finished" in printed
    assert not [word for word in PRIVATE if word in printed]


async def test_every_event_of_a_turn_can_be_followed_to_its_message(
    memory: Memory, clock: Clock
) -> None:
    house = build_house(memory, clock, UnexpectedModelBehavior("?"), "Oui.")
    message = await house.hears("Bonjour")

    with structlog.testing.capture_logs() as logs:
        await house.answering.drain(1)
        await house.answering.drain(1)

    assert [log["event"] for log in logs] == ["turn_without_reply", "turn_finished"]
    assert {log["correlation_id"] for log in logs} == {message.correlation_id}
