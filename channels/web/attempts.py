"""How often somebody may try to sign in. Forgotten with the process."""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
_MOST_REMEMBERED = 10_000


class Attempts:
    """Failed attempts of the last quarter of an hour, for each who."""

    def __init__(self, *, now: Callable[[], datetime], at_most: int) -> None:
        self._now = now
        self._at_most = at_most
        self._failures: dict[Hashable, list[datetime]] = {}

    def are_used_up(self, who: Hashable) -> bool:
        """Whether another attempt must wait."""
        return len(self._recent(who)) >= self._at_most

    def fail(self, who: Hashable) -> None:
        """Count one failure."""
        failures = [*self._recent(who), self._now()]
        self._failures.pop(who, None)
        if len(self._failures) >= _MOST_REMEMBERED:
            del self._failures[next(iter(self._failures))]  # the oldest
        self._failures[who] = failures

    def forget(self, who: Hashable) -> None:
        """They got it right."""
        self._failures.pop(who, None)

    def _recent(self, who: Hashable) -> list[datetime]:
        begin = self._now() - WINDOW
        return [moment for moment in self._failures.get(who, []) if moment > begin]
