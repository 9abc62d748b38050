"""The ports of `--port`: wrong ones are refused with those that there are."""

from collections.abc import Callable

import typer

_HIGHEST = 65535


def port_from(lowest: int) -> Callable[[int], int]:
    """The check of a port option. With 0 as `lowest`, 0 means any that is free."""

    def check(port: int) -> int:
        if not lowest <= port <= _HIGHEST:
            raise typer.BadParameter(f"a port from {lowest} to {_HIGHEST} is expected")
        return port

    return check
