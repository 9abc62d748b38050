"""The counterpart of the providers, in a process of its own."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


@asynccontextmanager
async def running_counterpart() -> AsyncGenerator[str]:
    """Its address. Its CPU is not that of who asks it."""
    module = "tests.counterparts.providers"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, "--port", "0", stdout=PIPE
    )
    assert process.stdout
    try:
        port = (await process.stdout.readline()).decode().strip()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()
