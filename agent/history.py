"""What the model sees of the past: this session, no more.

What was shown in an earlier session was shown to somebody who had proved a code then.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from pydantic_ai.messages import (
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelRequest,
    ModelResponse,
    TextPart,
    UserPromptPart,
)

from memory.records import Message, Turn

MAX_TURNS = 12


def of_this_session(
    messages: Sequence[Message], *, gap: timedelta
) -> Sequence[Message]:
    """The messages after the last silence longer than `gap`, oldest first."""
    start = 0
    for position, (earlier, later) in enumerate(pairwise(messages), start=1):
        if later.received_at - earlier.received_at > gap:
            start = position
    return messages[start:]


def begin_of(messages: Sequence[Message], now: datetime) -> datetime:
    """When the session of these messages began."""
    return messages[0].received_at if messages else now


def to_model_messages(turns: Sequence[Turn]) -> list[ModelMessage]:
    """Turns as the model's own messages; what a human wrote is said to be theirs."""
    past: list[ModelMessage] = []
    for turn in turns:
        if turn.history is not None:
            past.extend(ModelMessagesTypeAdapter.validate_json(turn.history))
        else:
            past.extend(_in_words(turn))
    return past


def _in_words(turn: Turn) -> Sequence[ModelMessage]:
    said = "\n".join(turn.said)
    replied = "\n".join(turn.replies)
    if turn.provider == "human":
        replied = f"[Réponse de l'équipe] {replied}"
    words: list[ModelMessage] = []
    if said:
        words.append(ModelRequest(parts=[UserPromptPart(content=said)]))
    if replied:
        words.append(ModelResponse(parts=[TextPart(content=replied)]))
    return words
