"""Waiting until this process is told to stop, by a person or by its supervisor."""

import asyncio
import signal

_STOPS = (signal.SIGINT, signal.SIGTERM)


async def until_told_to_stop() -> None:
    """Return when the process is told to stop: what it has begun can then end."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _STOPS:
        loop.add_signal_handler(number, told.set)
    try:
        await told.wait()
    finally:
        for number in _STOPS:
            loop.remove_signal_handler(number)
