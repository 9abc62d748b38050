"""A breaker: who failed several times in a row is left in peace for a while."""

from collections.abc import Callable

FAILURES_TO_OPEN = 3
REST_S = 5.0


class Breaker:
    """Closed, it lets every call through; open, one call each `rest_s`, to see."""

    def __init__(
        self,
        clock: Callable[[], float],
        *,
        failures_to_open: int = FAILURES_TO_OPEN,
        rest_s: float = REST_S,
    ) -> None:
        self._clock = clock
        self._failures_to_open = failures_to_open
        self._rest_s = rest_s
        self._failures = 0  # in a row
        self._next_try = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the last calls failed, and none has come back well since."""
        return self._failures >= self._failures_to_open

    def lets_through(self) -> bool:
        """Whether a call may be made now."""
        if not self.is_open:
            return True
        now = self._clock()
        if now < self._next_try:
            return False
        self._next_try = now + self._rest_s  # the others wait for what this one finds
        return True

    def failed(self) -> bool:
        """A call failed; True when this opens the breaker."""
        was_open = self.is_open
        self._failures += 1
        if self.is_open and not was_open:
            self._next_try = self._clock() + self._rest_s
        return self.is_open and not was_open

    def went_well(self) -> bool:
        """A call came back well; True when this closes the breaker."""
        was_open = self.is_open
        self._failures = 0
        return was_open
