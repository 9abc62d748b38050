"""What differs from play to play and means nothing: taken out of a request's body."""

import difflib
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

# pydantic-ai makes one for each call of a provider that gives none (Gemini).
_MADE_ID = re.compile(r"\bpyd_ai_[0-9a-f]{32}\b")
_FRACTION = re.compile(r"(?<=T\d\d:\d\d:\d\d)\.\d+")  # of a second, in ISO 8601
_DIFF_LINES = 24
_DIFF_WIDTH = 160


def same_body(body: Any) -> Any:
    """The body with ids of our own numbered and times cut to seconds.

    A request holds the whole conversation, so the first id in it is always the first.
    """
    text = json.dumps(body, ensure_ascii=False)
    numbers: dict[str, int] = {}

    def numbered(found: re.Match[str]) -> str:
        return f"pyd_ai_{numbers.setdefault(found[0], len(numbers) + 1)}"

    return json.loads(_FRACTION.sub("", _MADE_ID.sub(numbered, text)))


def difference(recorded: Any, asked: Any) -> str:
    """The lines that differ, recorded (-) and asked now (+), as indented JSON."""
    lines = [
        line if len(line) <= _DIFF_WIDTH else f"{line[:_DIFF_WIDTH]}…"
        for line in difflib.unified_diff(
            _lines(recorded), _lines(asked), "recorded", "asked now", n=1, lineterm=""
        )
    ]
    more = len(lines) - _DIFF_LINES
    return "\n".join([*lines[:_DIFF_LINES], *([f"… {more} lines more"] * (more > 0))])


def _lines(body: Any) -> list[str]:
    """A text of several lines is several lines: one changed word is one line."""
    text = json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True)
    return text.replace("\\n", "\n").splitlines()


class PlayClock:
    """Always the same morning; each look is a millionth of a second later.

    The day stands in every request ("Now: …"). It moves, so that what comes after is
    later, and so little that no minute ends.
    """

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time now."""
        self._now += timedelta(microseconds=1)
        return self._now
