"""What a run found: the records behind the JSON, the table and the HTML report."""

from collections.abc import Sequence
from dataclasses import dataclass

from memory.records import ToolCall

from .world import EndState


@dataclass(frozen=True, kw_only=True)
class TurnResult:
    """One turn as it was played, with what was wrong with it.

    `failures` decide; `notes` tell what a guard changed in a reply on its way.
    """

    say: str
    replies: tuple[str, ...]
    tools: tuple[ToolCall, ...]
    provider: str
    model_calls: int
    duration_ms: int
    cost_usd: float | None
    failures: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[str, ...]:
        """Everything worth reading about the turn."""
        return self.failures + self.notes


@dataclass(frozen=True, kw_only=True)
class Repetition:
    """One play of a case in a house of its own. The state is None after a crash."""

    turns: tuple[TurnResult, ...]
    state: EndState | None

    @property
    def passed(self) -> bool:
        """Whether nothing was wrong."""
        return not self.failures

    @property
    def failures(self) -> Sequence[str]:
        """All that was wrong, in order."""
        return [failure for turn in self.turns for failure in turn.failures]


@dataclass(frozen=True, kw_only=True)
class CaseResult:
    """All plays of a case."""

    id: str
    repetitions: tuple[Repetition, ...]

    @property
    def pass_1(self) -> float:
        """How probable it is that one play passes."""
        return sum(each.passed for each in self.repetitions) / len(self.repetitions)

    @property
    def passed(self) -> bool:
        """Whether every play passed."""
        return all(each.passed for each in self.repetitions)


@dataclass(frozen=True, kw_only=True)
class Results:
    """A whole run."""

    model: str
    cases: tuple[CaseResult, ...]

    @property
    def passed(self) -> int:
        """How many cases passed in every repetition."""
        return sum(case.passed for case in self.cases)
