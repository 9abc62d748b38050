"""The rounds of a run as a table, and whether the goal is met."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

GOAL = 0.15  # what our layer may add to the framework with the same SDK
LEAST_ROUNDS = 5  # for a verdict

_HEAD = (
    f"{'peer':<16} {'calls':>7} {'CPU ms/turn':>12} {'median':>8}"
    f" {'× raw':>7} {'× stock':>8}  {'× stock, by round':>17}"
)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """The medians of every round: by who, and by how many turns at once."""

    calls: Mapping[str, int]
    rounds: dict[tuple[str, int], list[float]] = field(
        default_factory=dict[tuple[str, int], list[float]]
    )

    def note(self, name: str, *, at_once: int, cpu_ms: float) -> None:
        """Keep the median of one round."""
        self.rounds.setdefault((name, at_once), []).append(cpu_ms)

    @property
    def sizes(self) -> Sequence[int]:
        """How many turns at once, the fewest first."""
        return sorted({at_once for _, at_once in self.rounds})

    def cpu_ms(self, name: str, at_once: int) -> float:
        """The least median: others on the machine only ever add."""
        return min(self.rounds[name, at_once])

    def added(self, name: str, at_once: int) -> tuple[float, float, float] | None:
        """× stock: the median of the rounds, and the least and the most of them.

        Two who are measured one after the other share the load of the machine; the
        least of each may come from different minutes.
        """
        stock = name.replace("house", "stock")
        if stock == name:
            return None
        pairs = zip(
            self.rounds[name, at_once], self.rounds[stock, at_once], strict=True
        )
        by_round = [ours / theirs for ours, theirs in pairs]
        return median(by_round), min(by_round), max(by_round)


def written(measured: Measured) -> str:
    """The table."""
    return "\n".join(_lines(measured))


def verdict(measured: Measured) -> tuple[int, str]:
    """The exit code and what it means: 0 met, 1 missed, 2 not decided."""
    if min(len(some) for some in measured.rounds.values()) < LEAST_ROUNDS:
        return 2, f"Not decided: the goal is judged after {LEAST_ROUNDS} rounds."
    added = {
        f"{name}, {at_once} at once": found
        for name, at_once in measured.rounds
        if (found := measured.added(name, at_once))
    }
    above = {who: found for who, found in added.items() if found[0] > 1 + GOAL}
    if not above:
        most = max(middle for middle, _, _ in added.values()) - 1
        return 0, f"Met: our layer adds at most {most:.0%} (goal: {GOAL:.0%})."
    named = "; ".join(f"{who} {found[0] - 1:+.0%}" for who, found in above.items())
    if any(lowest > 1 + GOAL for _, lowest, _ in above.values()):
        return (
            1,
            f"Missed: more than {GOAL:.0%} is added, in every round of one: {named}",
        )
    return 2, f"Not decided: above {GOAL:.0%}, but not in every round: {named}"


def _lines(measured: Measured) -> Iterator[str]:
    for at_once in measured.sizes:
        yield f"\n{at_once} at once\n{_HEAD}"
        for name, calls in measured.calls.items():
            yield _line(measured, name, at_once, calls).rstrip()


def _line(measured: Measured, name: str, at_once: int, calls: int) -> str:
    least = measured.cpu_ms(name, at_once)
    middle = median(measured.rounds[name, at_once])
    by_raw = least / measured.cpu_ms("raw", at_once)
    line = f"{name:<16} {calls:>7} {least:>12.2f} {middle:>8.2f} {by_raw:>7.1f}"
    added = measured.added(name, at_once)
    if added is None:
        return line
    ratio, lowest, highest = added
    return f"{line} {ratio:>8.2f}  {f'{lowest:.2f} to {highest:.2f}':>17}"
