"""What one turn brings along to every request that it makes of a model."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from memory.records import ModelCall

from ..language import Language
from ..privacy import Veil

SHARE_OF_TURN = 0.4  # that one request may take: two silent providers leave some
SHARE_OF_LAST = 0.1  # so that the built-in model can always answer


@dataclass(kw_only=True)
class Errand:
    """One turn, seen from the providers. `calls` grows with each request."""

    ends_at: float  # on the clock of the event loop
    time_s: float  # of the whole turn
    veil: Veil
    language: Language = "fr"
    calls: list[ModelCall] = field(default_factory=list[ModelCall])
    is_trimmed: bool = False  # the past was shortened: it did not fit

    @classmethod
    def begun(cls, time_s: float, veil: Veil, language: Language = "fr") -> "Errand":
        """An errand that begins now and may take `time_s` seconds."""
        ends_at = asyncio.get_running_loop().time() + time_s
        return cls(ends_at=ends_at, time_s=time_s, veil=veil, language=language)

    @property
    def left_s(self) -> float:
        """The seconds that are left of the turn."""
        return self.ends_at - asyncio.get_running_loop().time()

    @property
    def allowed_s(self) -> float:
        """What one request may take of what is left, so that others have a chance."""
        left_s = self.left_s - SHARE_OF_LAST * self.time_s
        return min(left_s, SHARE_OF_TURN * self.time_s)


# No default: a request of which nobody has said what is personal must not leave.
_current: ContextVar[Errand] = ContextVar("errand")


def current_errand() -> Errand:
    """The errand of the turn that runs now.

    Raises:
        LookupError: none: nobody has said what is personal in it.
    """
    return _current.get()


@contextmanager
def on_errand(errand: Errand) -> Generator[Errand]:
    """Within, requests belong to this errand."""
    token = _current.set(errand)
    try:
        yield errand
    finally:
        _current.reset(token)
