"""What the model sees of the past."""

from collections.abc import Sequence
from datetime import timedelta

from pydantic_ai.messages import (
    ModelMessagesTypeAdapter,
    ModelRequest,
    ModelResponse,
    TextPart,
    UserPromptPart,
)

from agent.history import begin_of, of_this_session, to_model_messages
from memory import Memory
from memory.records import Message, MessageState, Service, Turn
from tests.agent.house import build_house
from tests.conftest import Clock
from tests.memory.letters import MORNING

GAP = timedelta(minutes=30)


def messages_at(*minutes: float) -> Sequence[Message]:
    return [
        Message(
            id=number,
            key=f"k{number}",
            conversation_id=1,
            text=f"à {minute}",
            received_at=MORNING + timedelta(minutes=minute),
            state=MessageState.ANSWERED,
            attempts=1,
            correlation_id="c",
            turn_id=None,
        )
        for number, minute in enumerate(minutes)
    ]


def turn(
    *, said: str = "", replies: str = "", by: str = "offline", history: str | None
) -> Turn:
    return Turn(
        id=1,
        conversation_id=1,
        started_at=MORNING,
        ended_at=MORNING,
        provider=by,
        model_calls=0,
        tools=(),
        service=Service.RENSEIGNEMENT,
        findings=(),
        correlation_id="c",
        history=history,
        said=(said,) if said else (),
        replies=(replies,) if replies else (),
    )


def test_a_session_begins_after_the_last_long_silence() -> None:
    messages = messages_at(0, 10, 41, 50, 90, 100)

    assert list(of_this_session(messages, gap=GAP)) == list(messages[4:])


def test_half_an_hour_exactly_is_no_long_silence() -> None:
    messages = messages_at(0, 30, 60)

    assert list(of_this_session(messages, gap=GAP)) == list(messages)


def test_nothing_was_said_in_no_messages() -> None:
    assert list(of_this_session([], gap=GAP)) == []
    assert begin_of([], MORNING) == MORNING


def test_a_session_began_with_its_first_message() -> None:
    messages = messages_at(3, 4)

    assert begin_of(messages, MORNING) == messages[0].received_at


def test_a_turn_of_the_model_comes_back_as_its_own_messages() -> None:
    own = [
        ModelRequest(parts=[UserPromptPart(content="Bonjour")]),
        ModelResponse(parts=[TextPart(content="Bonjour !")]),
    ]
    kept = turn(history=ModelMessagesTypeAdapter.dump_json(own).decode())

    assert to_model_messages([kept]) == own


def test_a_turn_of_a_human_is_said_to_be_theirs() -> None:
    kept = turn(said="Allô ?", replies="J'arrive.", by="human", history=None)

    request, response = to_model_messages([kept])

    assert isinstance(request.parts[0], UserPromptPart)
    assert request.parts[0].content == "Allô ?"
    assert response.parts == [TextPart(content="[Réponse de l'équipe] J'arrive.")]


def test_a_turn_of_the_house_is_told_in_words() -> None:
    kept = turn(said="stop", replies="C'est entendu.", by="code", history=None)

    _, response = to_model_messages([kept])

    assert response.parts == [TextPart(content="C'est entendu.")]


def test_a_human_who_writes_first_answers_nothing() -> None:
    kept = turn(replies="Bonjour.", by="human", history=None)

    [only] = to_model_messages([kept])

    assert isinstance(only, ModelResponse)


async def test_the_past_is_kept_without_the_instructions(
    memory: Memory, clock: Clock
) -> None:
    house = build_house(memory, clock)

    await house.answers("Bonjour")
    await house.answers("Encore")

    turns = await house.turns()
    assert not any("You are the concierge" in (turn.history or "") for turn in turns)
    assert "You are the concierge" in house.script.told[-1]
