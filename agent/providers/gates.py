"""Who is not to be asked for now: a gate each for providers, accounts and keys.

A gate is shut for a while after a fault. When the while is over, one request goes
through to see (half open); the others pass when it came back well. Nothing here is a
truth: whoever loses a gate asks once too often, no more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

PROBE_S = 30.0  # the longest that one request may keep a gate half open


class Pass(Enum):
    """What a request may do at its gates."""

    OPEN = "open"
    SHUT = "shut"
    PROBE = "probe"  # the one that goes to see


@dataclass(frozen=True)
class Rest:
    """How long a gate is shut: `first_s`, twice that after each further fault."""

    first_s: float
    most_s: float
    grows: bool = True

    def after(self, faults: int) -> float:
        """Seconds, after so many faults in a row before this one."""
        wait = self.first_s * 2 ** min(faults, 20) if self.grows else self.first_s
        return min(wait, self.most_s)


@dataclass(frozen=True)
class GateState:
    """A gate that has been shut: until when (epoch seconds), after how many faults."""

    until: float
    faults: int


class Gates(Protocol):
    """The gates of this installation, by name."""

    async def enter(self, names: Sequence[str]) -> Pass:
        """Whether a request may go through all of these gates now."""
        ...

    async def shut(self, name: str, rest: Rest) -> bool:
        """Shut a gate; False when it was shut already, which changes nothing.

        Fifty requests that fail together are one fault.
        """
        ...

    async def open(self, names: Sequence[str]) -> None:
        """A request came back well: forget the faults of these gates."""
        ...

    async def release(self, names: Sequence[str]) -> None:
        """A probe came back and says nothing of these gates: another may go."""
        ...

    async def states(self) -> dict[str, GateState]:
        """The gates that are shut or half open."""
        ...


@dataclass
class _Gate:
    until: float
    faults: int
    probed_until: float = 0.0


class LocalGates:
    """Gates of this process."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._gates: dict[str, _Gate] = {}

    async def enter(self, names: Sequence[str]) -> Pass:
        now = self._now()
        found = [self._gates[name] for name in names if name in self._gates]
        if any(now < max(gate.until, gate.probed_until) for gate in found):
            return Pass.SHUT
        for gate in found:
            gate.probed_until = now + PROBE_S
        return Pass.PROBE if found else Pass.OPEN

    async def shut(self, name: str, rest: Rest) -> bool:
        now = self._now()
        gate = self._gates.get(name)
        if gate is not None and now < gate.until:
            return False
        faults = gate.faults if gate else 0
        self._gates[name] = _Gate(now + rest.after(faults), faults + 1)
        return True

    async def open(self, names: Sequence[str]) -> None:
        for name in names:
            self._gates.pop(name, None)

    async def release(self, names: Sequence[str]) -> None:
        for name in names:
            if name in self._gates:
                self._gates[name].probed_until = 0.0

    async def states(self) -> dict[str, GateState]:
        return {
            name: GateState(gate.until, gate.faults)
            for name, gate in self._gates.items()
        }
