"""What can go wrong with a run of the evals.

* WrongUse          the command cannot run as asked: exit code 2, say why
  - BrokenCases     files that are no cases, or whose world is unknown
* NotAsMeant        this play proves nothing: it fails, whatever was replied
  - NotAsRecorded   a request changed, is new, or never came
  - ServedByAnother   a failover hid what went wrong with the provider
* NotKept           a recording must not be written: say why, keep the earlier one
"""

from collections.abc import Sequence


class WrongUse(Exception):
    """The run cannot begin. The text is for the maintainer."""


class BrokenCases(WrongUse):
    """Some case files cannot be used; one problem per line, with file and key."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class NotAsMeant(Exception):
    """The play was not the one that was asked for. The text is for the report."""


class NotAsRecorded(NotAsMeant):
    """What was asked of the provider is not what its cassette holds."""


class ServedByAnother(NotAsMeant):
    """Somebody else than the provider of the run answered."""


class NotKept(Exception):
    """A recording must not be written. The text never repeats what is secret."""
