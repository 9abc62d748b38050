"""What can go wrong behind a tool.

* ToolError
  - BackendRefused      asking again will not help: the model is told why
  - BackendUnavailable  ask again later: retried once, then said plainly
  - WrongProfile        a profile does not fit the world: the start is stopped
"""


class ToolError(Exception):
    """A tool could not do its work."""


class BackendRefused(ToolError):
    """The request itself cannot be served; its text is written for the model."""


class BackendUnavailable(ToolError):
    """The system behind the tool does not answer now."""


class WrongProfile(ToolError):
    """A profile or its tables cannot be used: file, key and reason."""
