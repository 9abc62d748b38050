"""The whole house, composed as main.py does it, and the platforms that call it."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI
from pydantic_ai.models import Model

from channels.channel import Channel
from config.settings import Settings, read_settings
from config.world import World
from main import House, Replacements, open_house, utc_now
from memory import Memory
from memory.records import Message, MessageState, OutgoingState
from tests.channels.recorded import SECRET, signed, telegram_headers
from tests.counterparts.waha import API_KEY
from tools.backends.documents import Documents, Passage
from tools.backends.tables import Row, Tables
from tools.profile import Profile

SESSION_SECRET = "a-secret-of-these-tests-" * 2
PATIENCE_S = 20

_numbers = count(1)


class NoTables:
    """A world that keeps no tables."""

    async def names(self) -> Sequence[str]:
        return ()

    async def fields(self, table: str) -> Sequence[str]:
        return ()

    async def rows(
        self,
        table: str,
        *,
        needed: Sequence[str] = (),
        where: Mapping[str, str] | None = None,
    ) -> Sequence[Row]:
        return ()


class NoDocuments:
    """A world in which nothing is written down."""

    async def search(self, query: str, *, at_most: int = 5) -> Sequence[Passage]:
        return ()

    async def titles(self) -> Sequence[str]:
        return ()

    def problems(self) -> Sequence[str]:
        return ()


def a_world(
    *,
    tables: Tables | None = None,
    documents: Documents | None = None,
    profiles: Mapping[str, Profile] | None = None,
) -> World:
    """A small world without files."""
    return World(
        folder=Path(),
        profiles=profiles or {},
        tables=tables or NoTables(),
        documents=documents or NoDocuments(),
        encoder=None,
    )


def settings_in(folder: Path, **variables: str) -> Settings:
    """The settings of a house that keeps everything in `folder` and is not patient."""
    return read_settings(
        {
            "DATABASE_URL": f"sqlite:///{folder}/gust.db",
            "SESSION_SECRET": SESSION_SECRET,
            "PUBLIC_URL": "http://gust.test",
            "DEBOUNCE_S": "0",
            "RATE_LIMIT_PER_MINUTE": "100000",
            **variables,
        }
    )


def on_whatsapp(waha_url: str) -> dict[str, str]:
    """The variables that open the door of WhatsApp."""
    return {
        "WAHA_BASE_URL": waha_url,
        "WAHA_API_KEY": API_KEY,
        "WAHA_WEBHOOK_SECRET": SECRET,
    }


@asynccontextmanager
async def whole_house(
    settings: Settings,
    *,
    model: Model,
    world: World | None = None,
    channels: Mapping[str, Channel] | None = None,
    now: Callable[[], Any] = utc_now,
) -> AsyncGenerator[House]:
    """The house of main.py around a model; nothing runs until `working(house)`."""
    replaced = Replacements(model=model, channels=channels, now=now)
    async with open_house(settings, world or a_world(), replaced=replaced) as house:
        yield house


@asynccontextmanager
async def served(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of the application on a real port: streams stream there."""
    config = uvicorn.Config(
        app,
        port=0,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=0,
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  (uvicorn tells in no other way)
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
            yield http
    finally:
        server.should_exit = True
        await running


def called(app: FastAPI) -> httpx.AsyncClient:
    """A client of the application without a port in between."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://gust.test")


def whatsapp_event(text: str, *, by: str, key: str | None = None) -> bytes:
    """What WAHA sends when a person writes to us."""
    chat = f"{by.removeprefix('+')}@c.us"
    event = {
        "event": "message",
        "session": "default",
        "payload": {
            "id": f"false_{chat}_{key or f'K{next(_numbers):08}'}",
            "from": chat,
            "fromMe": False,
            "timestamp": 1_790_000_000,
            "body": text,
        },
    }
    return json.dumps(event).encode()


def telegram_event(text: str, *, by: int, name: str = "") -> bytes:
    """What Telegram sends when a person writes to the bot."""
    number = next(_numbers)
    message = {
        "message_id": number,
        "date": 1_790_000_000,
        "chat": {"id": by, "type": "private"},
        "from": {"id": by, "is_bot": False, "first_name": name},
        "text": text,
    }
    return json.dumps({"update_id": number, "message": message}).encode()


async def writes_on_whatsapp(
    http: httpx.AsyncClient, text: str, *, by: str, key: str | None = None
) -> httpx.Response:
    """WAHA calls with a message, signed as it does."""
    body = whatsapp_event(text, by=by, key=key)
    return await http.post("/api/v1/webhook", content=body, headers=signed(body))


async def writes_on_telegram(
    http: httpx.AsyncClient, text: str, *, by: int, name: str = ""
) -> httpx.Response:
    """Telegram calls with a message and our secret."""
    body = telegram_event(text, by=by, name=name)
    headers = telegram_headers()
    return await http.post("/api/v1/telegram", content=body, headers=headers)


async def until(is_so: Callable[[], Any]) -> None:
    """Wait for something that another task does."""
    async with asyncio.timeout(PATIENCE_S):
        while not await is_so():  # noqa: ASYNC110  (the database tells in no other way)
            await asyncio.sleep(0.01)


async def settled(memory: Memory, message_id: int) -> Message:
    """The message once it is answered, held or parked and its replies are out."""

    async def is_so() -> bool:
        message = await memory.inbox.message(message_id)
        if message is None or message.state is MessageState.WAITING:
            return False
        if message.turn_id is None:
            return True
        over = (OutgoingState.SENT, OutgoingState.PARKED)
        replies = await memory.outbox.of_turn(message.turn_id)
        return all(reply.state in over for reply in replies)

    await until(is_so)
    found = await memory.inbox.message(message_id)
    assert found
    return found
