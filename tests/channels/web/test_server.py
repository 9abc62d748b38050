"""The web process."""

import socket

import pytest
from fastapi import FastAPI

from channels.web.server import serve_app


async def test_a_port_that_is_taken_is_named_with_the_cure() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(ValueError, match=rf"port {port} .* --port.* PORT="):
            await serve_app(FastAPI(), host="127.0.0.1", port=port)
