"""Running the web application in this process."""

import logging
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI


def make_sure_port_is_free(host: str, port: int) -> None:
    """Make sure that this process may serve there.

    Raises:
        ValueError: the port is taken; says what to do.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ValueError(
                f"port {port} of {host} cannot be had ({error.strerror}):"
                " choose another with --port, as in make demo PORT=8010"
            ) from error


def _unheard(_url: str) -> None: ...


async def serve_app(
    app: FastAPI,
    *,
    host: str,
    port: int,
    on_start: Callable[[str], None] = _unheard,
) -> None:
    """Serve until told to stop; what else this process does can then end.

    `on_start` is told the address, once calls to it are answered.

    Raises:
        ValueError: the port is taken.
    """
    make_sure_port_is_free(host, port)
    logging.getLogger("uvicorn.error").addFilter(_without_traceback)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,  # paths hold the tokens of pages
        timeout_graceful_shutdown=3,  # streams of the web chat never end themselves
    )
    await _Server(config, on_start).serve()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_start: Callable[[str], None]) -> None:
        super().__init__(config)
        self._on_start = on_start

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            self._on_start(f"http://{f'[{host}]' if ':' in host else host}:{port}")

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        with super().capture_signals():
            yield
            # It would raise them again now: SIGTERM would kill us in the middle of
            # a delivery, and that message would be sent twice.
            self._captured_signals.clear()


def _without_traceback(record: logging.LogRecord) -> bool:
    """The text of an exception may quote what people wrote; our own log has its type."""
    record.exc_info = None
    return True
