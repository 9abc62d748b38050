"""The server: it listens, asks the script, does the fault of the key, remembers."""

import asyncio
import inspect
import threading
from asyncio import StreamReader, StreamWriter, Task
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import Any, Literal

from .account import Credit, of_account, of_key
from .exchange import (
    Answer,
    Manner,
    Request,
    as_json,
    as_object,
    read_request,
    send,
)
from .faults import Deed, Fault, deed_of
from .script import greet
from .wires import OPENAI, Wire, wire_of
from .words import Asked, Problem, Script

Provider = Literal[
    "anthropic", "zai-anthropic", "zai", "openai", "openrouter", "gemini"
]

# What comes after the server's address in a base URL, alike to the real ones.
_PREFIXES: dict[Provider, str] = {
    "anthropic": "/anthropic",
    "zai-anthropic": "/zai/api/anthropic",
    "zai": "/zai/api/paas/v4",
    "openai": "/openai/v1",
    "openrouter": "/openrouter/api/v1",
    "gemini": "/gemini",
}
_NO_KEY = "401", Deed(problem=Problem(status=401))
_NO_MESSAGE = "400-bad", Deed(problem=Problem(status=400, reason="bad"))


class ProviderCounterpart:
    """What it was asked, how it replies, and the faults of its keys.

    `faults` and `credits` are by whole key. A key without a fault there does the one
    that it spells, after its last colon if it has one: `429`, `second:429-retry-7`.
    `polled` holds what was asked of OpenRouter's accounts: ("key" or "credits", key).
    """

    def __init__(self, script: Script = greet, *, remembers: bool = True) -> None:
        self.port = 0
        self.script = script
        self.faults: dict[str, Fault] = {}
        self.credits: dict[str, Credit] = {}
        self.asked: list[Asked] = []
        self.polled: list[tuple[str, str]] = []
        self._remembers = remembers
        self._arrival = asyncio.Event()
        self._connections: set[Task[Any]] = set()
        self._server: asyncio.Server | None = None

    def base_url(self, provider: Provider) -> str:
        """What that provider's own SDK takes as base URL."""
        return f"http://127.0.0.1:{self.port}{_PREFIXES[provider]}"

    async def arrived(self, count: int = 1) -> None:
        """Returns when that many requests have come, answered or not."""
        while len(self.asked) < count:
            self._arrival.clear()
            await self._arrival.wait()

    async def start(self, port: int = 0) -> None:
        """Listens on `port` of this machine, 0 for a free one."""
        self._server = await asyncio.start_server(self._converse, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Hangs up, on those who were left waiting too."""
        if self._server:
            self._server.close()
        connections = list(self._connections)
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    async def _converse(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._connections.add(task)
        try:
            goes_on = True
            while goes_on and (request := await read_request(reader)):
                answer, manner = await self._answer(request)
                goes_on = await send(answer, manner, reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            # The client went away, or the server is being stopped: nobody listens.
            pass
        finally:
            self._connections.discard(task)
            writer.close()

    async def _answer(self, request: Request) -> tuple[Answer, Manner]:
        wire = wire_of(request.path)
        if wire and request.method == "POST":
            return await self._reply(request, wire)
        if request.path.endswith(("/key", "/credits")) and request.method == "GET":
            return await self._report(request)
        nothing = {"error": {"message": "Not found", "code": 404}}
        return as_json(nothing, status=404), "whole"

    async def _reply(self, request: Request, wire: Wire) -> tuple[Answer, Manner]:
        asked = wire.read(request, as_object(request.body) or {})
        word, deed = self._due(asked)
        place = len(self.asked)
        if self._remembers:
            self.asked.append(replace(asked, fault=word))
            self._arrival.set()
        await asyncio.sleep(deed.wait_s)
        answer = await self._replied(asked, wire, deed)
        if self._remembers and deed.manner != "hang":
            self.asked[place] = replace(self.asked[place], status=answer.status)
        return answer, deed.manner

    async def _replied(self, asked: Asked, wire: Wire, deed: Deed) -> Answer:
        if deed.problem:
            return wire.refusal(asked, deed.problem)
        reply = self.script(asked)
        if inspect.isawaitable(reply):
            reply = await reply
        answer = wire.answer(asked, deed.change(asked, reply))
        return deed.spoil(wire, asked, answer)

    async def _report(self, request: Request) -> tuple[Answer, Manner]:
        """OpenRouter's account; a fault is one here too, but for what models say."""
        asked = OPENAI.read(request, {})
        what = request.path.rpartition("/")[2]
        self.polled.append((what, asked.key))
        _, deed = self._fault(asked.key) if asked.key else _NO_KEY
        await asyncio.sleep(deed.wait_s)
        if deed.problem:
            return OPENAI.refusal(asked, deed.problem), deed.manner
        credit = self.credits.get(asked.key, Credit())
        answer = of_key(credit) if what == "key" else of_account(credit)
        return deed.spoil(OPENAI, asked, answer), deed.manner

    def _due(self, asked: Asked) -> tuple[str, Deed]:
        if not asked.key:
            return _NO_KEY
        return self._fault(asked.key) if asked.messages else _NO_MESSAGE

    def _fault(self, key: str) -> tuple[str, Deed]:
        """The word and deed of the fault that is due for `key`; counts it."""
        fault = self.faults.get(key)
        if fault is None:
            word = key.rpartition(":")[2]
            return (word, deed) if (deed := deed_of(word)) else ("ok", Deed())
        if fault.times == 1:
            del self.faults[key]
        elif fault.times:
            self.faults[key] = replace(fault, times=fault.times - 1)
        return fault.word, fault.deed


@asynccontextmanager
async def running_providers(
    script: Script = greet,
) -> AsyncGenerator[ProviderCounterpart]:
    """A counterpart on a free port, in this event loop."""
    providers = ProviderCounterpart(script)
    await providers.start()
    try:
        yield providers
    finally:
        await providers.stop()


@contextmanager
def providers_in_a_thread(script: Script = greet) -> Generator[ProviderCounterpart]:
    """The same in a loop of its own, for a test that blocks; `script` runs there."""
    providers = ProviderCounterpart(script)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(providers.start(), loop).result()
        yield providers
    finally:
        asyncio.run_coroutine_threadsafe(providers.stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
