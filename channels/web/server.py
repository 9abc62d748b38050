"""Running the web application in this process."""

import logging
import socket
from collections.abc import Generator
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
                " choose another with --port"
            ) from error


async def serve_app(app: FastAPI, *, host: str, port: int) -> None:
    """Serve until told to stop; what else this process does can then end.

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
    await _Server(config).serve()


class _Server(uvicorn.Server):
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
