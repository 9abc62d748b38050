"""What whoever starts a bench asks of it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Asked:
    rounds: int = 5
    with_langgraph: bool = False
