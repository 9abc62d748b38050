"""Running the web application in this process."""

import socket

import uvicorn
from fastapi import FastAPI


async def serve_app(app: FastAPI, *, host: str, port: int) -> None:
    """Serve until interrupted.

    Raises:
        ValueError: the port is taken.
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
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,  # paths hold the tokens of pages
        timeout_graceful_shutdown=3,  # streams of the web chat never end themselves
    )
    await uvicorn.Server(config).serve()
