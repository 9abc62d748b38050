"""What was expected against what came: each difference is a readable sentence."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from .case import End, Expect
from .folding import fold
from .world import EndState, TurnSeen

EXCERPT_CHARS = 160


def check_turn(expect: Expect, seen: TurnSeen) -> Sequence[str]:
    """The findings of one turn; none when all is as expected.

    Silence is one too, unless a human holds the conversation, and so is an apology
    for a parked message: a dead house would pass every case that only forbids.
    """
    return [*_about_calls(expect, seen), *_about_replies(expect, seen)]


def check_end(expect: End, state: EndState) -> Sequence[str]:
    """The findings about what became of the conversation."""
    became = asdict(state)
    return [
        f"{name} should be {_written(wanted)}, is {_written(became[name])}"
        for name, wanted in expect.model_dump(exclude_none=True).items()
        if became[name] != wanted
    ]


def _about_calls(expect: Expect, seen: TurnSeen) -> Iterator[str]:
    called = [call.name for call in seen.tools]
    if expect.calls is not None and called != list(expect.calls):
        yield f"expected the calls {_listed(expect.calls)}, saw {_listed(called)}"
    missing = Counter(expect.calls_include) - Counter(called)
    if missing:
        wanted = _listed(list(missing.elements()))
        yield f"expected calls of {wanted} among others, saw {_listed(called)}"


def _about_replies(expect: Expect, seen: TurnSeen) -> Iterator[str]:
    folded = [fold(reply) for reply in seen.replies]

    def is_said(words: str) -> bool:
        return any(fold(words) in reply for reply in folded)

    if seen.is_parked:
        yield "the message was parked: every attempt to answer it failed"
    if not seen.replies and not seen.is_held:
        yield "nobody answered"
    if expect.says_any and not any(map(is_said, expect.says_any)):
        wanted = _listed(expect.says_any)
        yield f"expected one of {wanted} in the replies{_excerpt(seen)}"
    missing = [words for words in expect.says_all if not is_said(words)]
    if missing:
        yield f"expected all of {_listed(missing)} in the replies{_excerpt(seen)}"
    forbidden = [words for words in expect.never_says if is_said(words)]
    if forbidden:
        yield f"must never say {_listed(forbidden)}, but did{_excerpt(seen)}"


def _excerpt(seen: TurnSeen) -> str:
    if not seen.replies:
        return ""
    said = " ".join(" / ".join(seen.replies).split())
    cut = said if len(said) <= EXCERPT_CHARS else f"{said[:EXCERPT_CHARS]}…"
    return f": « {cut} »"


def _listed(words: Sequence[str]) -> str:
    return f"[{', '.join(words)}]"


def _written(value: object) -> str:
    return str(value).lower()
