"""Which language a message is in, as far as replies go: French or English."""

from collections.abc import Callable
from typing import Any, Literal, cast

import pycld2  # pyright: ignore[reportMissingTypeStubs]

from tools.folding import fold

Language = Literal["fr", "en"]

_ENGLISH = frozenset(
    {"the", "what", "when", "where", "how", "much", "is", "are", "my", "son", "who"}
    | {"daughter", "child", "children", "please", "hello", "hi", "thanks", "thank"}
    | {"you", "can", "could", "would", "does", "do", "for", "and", "which", "time"}
    | {"class", "fee", "fees", "marks", "grades", "school", "i", "need", "want"}
    | {"know", "about", "tell", "me", "help"}
)
# Whether it is reliable, bytes read, and (name, code, percent, score) of the nearest.
_detect = cast(
    Callable[[str], tuple[bool, int, tuple[tuple[str, str, int, float], ...]]],
    cast(Any, pycld2).detect,
)
_DetectorError = cast(type[Exception], cast(Any, pycld2).error)
_SHORT = 3  # words: below this the detector guesses


def language_of(text: str, *, otherwise: Language = "fr") -> Language:
    """French or English when the message is clearly one of them."""
    words = [word.strip(".,;:!?'\"") for word in fold(text).split()]
    if not words:
        return otherwise
    english = sum(word in _ENGLISH for word in words) / len(words)
    if len(words) <= _SHORT:
        return "en" if english > 0.5 else otherwise
    try:
        _, _, nearest = _detect(text)
    except (
        _DetectorError,
        UnicodeEncodeError,
    ):  # not valid UTF-8 for it: an emoji cut in two
        return "en" if english > 0.5 else otherwise
    if nearest[0][1] == "en" and english >= 0.25:
        return "en"
    return "fr" if nearest[0][1] == "fr" else otherwise
