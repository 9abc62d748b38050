"""Against telegram-test-api of npm, which knows nothing of us."""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from channels.delivery import Delivery
from channels.telegram import Telegram
from channels.web.webhooks import webhook_routes
from memory import Memory
from tests.backends import need
from tests.channels.recorded import BOT_TOKEN, SECRET
from tests.conftest import Clock

FOLDER = Path(__file__).parents[1] / "counterparts" / "telegram"
INSTALLED = FOLDER / "node_modules" / "telegram-test-api"
INSTALL = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
PARENT = {"id": 1111111, "is_bot": False, "first_name": "Awa"}


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


async def install() -> None:
    need(shutil.which("node") and shutil.which("npm"), "Node.js 20 with npm")
    if not INSTALLED.is_dir() and os.environ.get("GUST_ALL_BACKENDS") == "1":
        npm = await asyncio.create_subprocess_exec(
            *INSTALL, cwd=FOLDER, stdout=asyncio.subprocess.DEVNULL
        )
        await npm.wait()
    need(
        INSTALLED.is_dir(), "telegram-test-api (npm ci in tests/counterparts/telegram)"
    )


@pytest.fixture
async def emulator() -> AsyncGenerator[httpx.AsyncClient]:
    await install()
    port = free_port()
    node = await asyncio.create_subprocess_exec(
        "node", "server.js", str(port), cwd=FOLDER, stdout=asyncio.subprocess.PIPE
    )
    assert node.stdout
    try:
        async with asyncio.timeout(30):
            assert await node.stdout.readline() == b"ready\n"
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as user:
            yield user
    finally:
        node.kill()
        await node.wait()


class WithTheSecret:
    """The emulator sends no secret header; Telegram does."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            secret = (b"x-telegram-bot-api-secret-token", SECRET.encode())
            scope["headers"] = [*scope["headers"], secret]
        await self.app(scope, receive, send)


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncGenerator[str]:
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error")
    )
    running = asyncio.create_task(server.serve())
    for _ in range(1000):
        if server.started:
            break
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await running


async def read_by_the_parent(user: httpx.AsyncClient) -> dict[str, Any]:
    question = {"token": BOT_TOKEN, "chatId": PARENT["id"]}
    async with asyncio.timeout(10):
        while True:
            answer = await user.post("/getUpdates", json=question)
            for update in answer.json()["result"]:
                return update["message"]
            await asyncio.sleep(0.02)


async def test_a_parent_writes_on_telegram_and_reads_the_reply(
    emulator: httpx.AsyncClient, memory: Memory, clock: Clock
) -> None:
    async with httpx.AsyncClient() as http:
        bot = Telegram(
            http, token=BOT_TOKEN, secret=SECRET, base_url=str(emulator.base_url)
        )
        woken: asyncio.Queue[int] = asyncio.Queue()
        app = FastAPI()
        app.include_router(
            webhook_routes(memory, {"telegram": bot}, wake=woken.put_nowait)
        )
        async with serving(WithTheSecret(app)) as our_url:
            webhook = {"url": f"{our_url}/api/v1/telegram"}
            await emulator.post(f"/bot{BOT_TOKEN}/setWebhook", json=webhook)
            await emulator.post(
                "/sendMessage",
                json={
                    "botToken": BOT_TOKEN,
                    "from": PARENT,
                    "chat": {"id": PARENT["id"], "type": "private"},
                    "date": 1790000000,
                    "text": "C koi lé horaire ?",
                },
            )
            async with asyncio.timeout(10):
                conversation = await memory.inbox.conversation(await woken.get())
            (question,) = await memory.inbox.waiting(conversation.id)
            await memory.outbox.put(
                key="reply:1",
                channel=conversation.channel,
                address=conversation.address,
                text=f"Vous demandez : **{question.text}** <ici>",
                correlation_id=question.correlation_id,
                conversation_id=conversation.id,
            )
            await bot.show_typing(conversation.address)  # the emulator answers 500
            assert await Delivery(memory, {"telegram": bot}, now=clock).run_once()
            reply = await read_by_the_parent(emulator)

    assert reply["text"] == "Vous demandez : <b>C koi lé horaire ?</b> &lt;ici&gt;"
    assert reply["parse_mode"] == "HTML"
    (sent,) = await memory.outbox.of_conversation(conversation.id)
    assert sent.state == "sent"
    assert sent.platform_id == "2"
