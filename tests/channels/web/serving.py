"""The site on a real port: for streams that never end, and for browsers."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from channels.web.app import build_app

from .site import Site


@asynccontextmanager
async def serving(site: Site, **changes: Any) -> AsyncGenerator[str]:
    """The address of the site, served until the end of the block."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        app = build_app(site.parts(public_url=address, **changes))
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=0)
        )
        running = asyncio.create_task(server.serve(sockets=[door]))
        while not server.started:  # noqa: ASYNC110  (uvicorn tells in no other way)
            await asyncio.sleep(0.01)
        try:
            yield address
        finally:
            server.should_exit = True
            await running
