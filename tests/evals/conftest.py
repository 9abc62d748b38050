"""What tests of the evals share."""

import socket
from collections.abc import Callable
from typing import Any, NoReturn

import pytest


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """When called: from then on nobody can connect to anything."""

    def refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
        raise AssertionError("somebody tried to reach the network")

    def block() -> None:
        for name in ("connect", "connect_ex", "sendto"):
            monkeypatch.setattr(socket.socket, name, refuse)
        monkeypatch.setattr(socket, "getaddrinfo", refuse)

    return block
