"""What can go wrong with a run of the evals, before any case is played.

* WrongUse          the command cannot run as asked: exit code 2, say why
  - BrokenCases     files that are no cases, or whose world is unknown
"""

from collections.abc import Sequence


class WrongUse(Exception):
    """The run cannot begin. The text is for the maintainer."""


class BrokenCases(WrongUse):
    """Some case files cannot be used; one problem per line, with file and key."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)
