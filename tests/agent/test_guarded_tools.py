"""Around every tool: what goes wrong is said to the model, and a reply still comes."""

import pytest
from pydantic_ai.messages import ToolCallPart

from agent.guarded_tools import without_secrets
from memory import Memory, Unkept
from memory.records import ParentIdentity, ToolCall, ToolOutcome
from tests.conftest import Clock
from tools.errors import BackendRefused, BackendUnavailable

from .house import CHILD, CODE, OTHER_CODE, PARENT_NAME, House, build_house
from .scripted import Step, call

PARENT = ParentIdentity(profile="parent", code=CODE, name=PARENT_NAME)


async def parent_house(memory: Memory, clock: Clock, *steps: Step) -> House:
    """A house in which the contact has proved a code already."""
    house = build_house(memory, clock, *steps)
    message = await house.hears("Bonjour")
    conversation = await memory.inbox.conversation(message.conversation_id)
    await memory.sessions.prove(conversation.contact_id, PARENT)
    return house


async def only_call(house: House) -> ToolCall:
    [tool] = (await house.last_turn()).tools
    return tool


async def test_a_call_that_works_is_kept_as_ok(memory: Memory, clock: Clock) -> None:
    house = await parent_house(memory, clock, call("see_marks", child=CHILD), "14.")

    assert await house.answers("ses notes ?") == ["14."]

    kept = await only_call(house)
    assert kept.name == "see_marks"
    assert kept.arguments == {"child": CHILD}
    assert kept.outcome is ToolOutcome.OK
    assert kept.duration_ms >= 0


@pytest.mark.parametrize(
    ("faults", "outcome", "questions"),
    [
        ([BackendRefused("no such table")], ToolOutcome.REFUSED, 1),
        ([BackendUnavailable("down")], ToolOutcome.OK, 3),  # whose code, then the rows
        ([BackendUnavailable("down")] * 2, ToolOutcome.UNAVAILABLE, 2),
        ([BackendUnavailable("down")] * 9, ToolOutcome.UNAVAILABLE, 2),
        ([Unkept("away"), Unkept("away")], ToolOutcome.UNAVAILABLE, 2),
        ([Unkept("away")], ToolOutcome.OK, 3),
        ([ValueError(CHILD)], ToolOutcome.UNAVAILABLE, 1),
        ([BackendUnavailable("down"), KeyError(CHILD)], ToolOutcome.UNAVAILABLE, 2),
    ],
)
async def test_a_backend_that_fails_costs_nobody_their_answer(
    memory: Memory,
    clock: Clock,
    faults: list[Exception],
    outcome: ToolOutcome,
    questions: int,
) -> None:
    house = await parent_house(memory, clock, call("see_marks"), "Je suis désolé.")
    house.tables.faults = faults

    assert await house.answers("ses notes ?") == ["Je suis désolé."]

    assert (await only_call(house)).outcome is outcome
    assert house.tables.questions == questions


async def test_a_refusal_is_told_to_the_model(memory: Memory, clock: Clock) -> None:
    house = await parent_house(memory, clock, call("see_marks"), "Désolé.")
    house.tables.faults = [BackendRefused("there is no such table")]

    await house.answers("ses notes ?")

    [result] = house.script.results()
    assert result.content == {"refused": "there is no such table"}


async def test_what_broke_is_not_told_to_the_model(
    memory: Memory, clock: Clock
) -> None:
    house = await parent_house(memory, clock, call("see_marks"), "Désolé.")
    house.tables.faults = [ValueError("secret of the backend")]

    await house.answers("ses notes ?")

    [result] = house.script.results()
    assert "secret of the backend" not in str(result.content)
    assert "unavailable" in str(result.content)


async def test_a_tool_that_was_not_shown_is_refused_and_nothing_is_executed(
    memory: Memory, clock: Clock
) -> None:
    house = build_house(memory, clock, call("see_marks"), "Votre code ?")

    assert await house.answers("ses notes ?") == ["Votre code ?"]

    assert "see_marks" not in house.script.shown[0]
    assert await only_call(house) == ToolCall(
        name="see_marks", arguments={}, outcome=ToolOutcome.REFUSED
    )
    assert house.tables.questions == 0


async def test_a_tool_that_the_model_made_up_is_not_named(
    memory: Memory, clock: Clock
) -> None:
    house = build_house(memory, clock, call(f"notes_of_{CHILD}", code=CODE), "Bonjour.")

    assert await house.answers("ses notes ?") == ["Bonjour."]

    kept = await only_call(house)
    assert kept == ToolCall(
        name="unknown_tool", arguments={}, outcome=ToolOutcome.REFUSED
    )


@pytest.mark.parametrize(
    "wrong",
    [
        call("search_documents"),
        call("search_documents", query=["a", "b"]),
        call("search_documents", query="x", everything=True),
        call("hand_off_to_human", reason="x", urgent="perhaps"),
        ToolCallPart(tool_name="search_documents", args="{not json"),
    ],
)
async def test_arguments_that_do_not_fit_are_invalid_and_not_executed(
    memory: Memory, clock: Clock, wrong: ToolCallPart
) -> None:
    house = build_house(memory, clock, wrong, "Pouvez-vous préciser ?")

    assert await house.answers("?") == ["Pouvez-vous préciser ?"]

    kept = await only_call(house)
    assert kept.name == wrong.tool_name
    assert kept.outcome is ToolOutcome.INVALID
    assert await memory.handoffs.count(1) == 0


async def test_an_action_asked_wrongly_is_invalid(memory: Memory, clock: Clock) -> None:
    house = await parent_house(memory, clock, call("see_marks", child=7), "Désolé.")

    assert await house.answers("ses notes ?") == ["Désolé."]

    assert (await only_call(house)).outcome is ToolOutcome.INVALID


async def test_an_argument_that_the_model_made_up_is_not_kept(
    memory: Memory, clock: Clock
) -> None:
    made_up = call("see_marks", child=CHILD, **{f"of_{PARENT_NAME}": "all"})
    house = await parent_house(memory, clock, made_up, "Désolé.")

    assert await house.answers("ses notes ?") == ["Désolé."]

    kept = await only_call(house)
    assert kept.arguments == {"child": CHILD}
    assert kept.outcome is ToolOutcome.INVALID


@pytest.mark.parametrize("args", ['["all"]', '"all"', "7", "null"])
async def test_arguments_that_are_no_object_cost_nobody_their_answer(
    memory: Memory, clock: Clock, args: str
) -> None:
    odd = ToolCallPart(tool_name="see_marks", args=args)
    house = await parent_house(memory, clock, odd, "Désolé.")

    assert await house.answers("ses notes ?") == ["Désolé."]

    assert (await only_call(house)).arguments == {}


async def test_a_wrong_call_may_be_corrected_once(memory: Memory, clock: Clock) -> None:
    house = build_house(
        memory,
        clock,
        call("search_documents"),
        call("search_documents", query="horaires"),
        "Je ne sais pas.",
    )

    assert await house.answers("les horaires ?") == ["Je ne sais pas."]

    turn = await house.last_turn()
    assert [tool.outcome for tool in turn.tools] == [
        ToolOutcome.INVALID,
        ToolOutcome.OK,
    ]
    assert turn.model_calls == 3


async def test_calls_are_kept_in_the_order_in_which_they_were_made(
    memory: Memory, clock: Clock
) -> None:
    house = build_house(
        memory,
        clock,
        call("see_marks"),
        call("search_documents", query="notes"),
        call("hand_off_to_human", reason="Veut les notes", urgent=False),
        "J'ai transmis votre demande.",
    )

    await house.answers("ses notes ?")

    assert [tool.name for tool in (await house.last_turn()).tools] == [
        "see_marks",
        "search_documents",
        "hand_off_to_human",
    ]


async def test_a_code_is_masked_where_a_call_is_kept(
    memory: Memory, clock: Clock
) -> None:
    house = build_house(
        memory, clock, call("verify_parent_code", code=CODE), "Bienvenue."
    )

    await house.answers(CODE)

    kept = await only_call(house)
    assert kept.outcome is ToolOutcome.OK
    assert kept.arguments == {"code": "•••"}


async def test_a_code_that_is_wrong_is_kept_as_refused(
    memory: Memory, clock: Clock
) -> None:
    house = build_house(
        memory, clock, call("verify_parent_code", code=OTHER_CODE), "Ce n'est pas lui."
    )

    await house.answers(OTHER_CODE)

    assert (await only_call(house)).outcome is ToolOutcome.REFUSED


def test_only_codes_are_secrets() -> None:
    assert without_secrets({"code": "x", "child": "y"}) == {"code": "•••", "child": "y"}


async def test_a_model_that_never_stops_calling_is_stopped(
    memory: Memory, clock: Clock
) -> None:
    house = build_house(memory, clock, call("search_documents", query="x"))
    message = await house.hears("?")

    await house.answering.drain(message.conversation_id)

    assert house.script.requests <= 8
    [waiting] = await memory.inbox.waiting(message.conversation_id)
    assert waiting.attempts == 1
