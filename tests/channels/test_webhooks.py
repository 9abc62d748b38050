from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from channels.channel import Channel
from channels.telegram import Telegram
from channels.waha import Waha
from channels.web.webhooks import webhook_routes
from memory import Memory
from tests.channels.recorded import (
    BOT_TOKEN,
    SECRET,
    as_body,
    payload,
    signed,
    telegram_headers,
)

WEBHOOK = "/api/v1/webhook"


@asynccontextmanager
async def calling(
    memory: Memory, channels: dict[str, Channel], woken: list[int]
) -> AsyncGenerator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(
        webhook_routes(memory, channels, wake=woken.append, max_body_bytes=20_000)
    )
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://gust") as http:
        yield http


@pytest.fixture
def woken() -> list[int]:
    return []


@pytest.fixture
async def platform(
    memory: Memory, woken: list[int]
) -> AsyncGenerator[httpx.AsyncClient]:
    http = httpx.AsyncClient()
    channels: dict[str, Channel] = {
        "whatsapp": Waha(http, base_url="http://waha", api_key="", secret=SECRET),
        "telegram": Telegram(http, token=BOT_TOKEN, secret=SECRET),
    }
    async with calling(memory, channels, woken) as calls:
        yield calls


async def test_a_message_is_kept_and_its_conversation_woken(
    platform: httpx.AsyncClient, memory: Memory, woken: list[int]
) -> None:
    body = as_body(payload("waha_message_gows_2025_11"))

    with memory.live.listen() as news:
        answer = await platform.post(WEBHOOK, content=body, headers=signed(body))

    assert (answer.status_code, answer.json()) == (200, {"kept": 1})
    (conversation,) = woken
    (message,) = await memory.inbox.waiting(conversation)
    assert message.text == "Oi"
    assert len(message.correlation_id) == 32
    assert (news.get_nowait().kind, news.qsize()) == ("received", 0)


async def test_a_message_called_in_twice_is_kept_once(
    platform: httpx.AsyncClient, woken: list[int]
) -> None:
    event = payload("waha_message_gows_2025_11")
    for name in ("message", "message.any", "message"):
        body = as_body(event | {"event": name})
        answer = await platform.post(WEBHOOK, content=body, headers=signed(body))
        assert answer.status_code == 200

    assert answer.json() == {"kept": 0}
    assert len(woken) == 1


async def test_telegram_has_its_own_door(
    platform: httpx.AsyncClient, memory: Memory, woken: list[int]
) -> None:
    body = as_body(payload("telegram_message_text"))

    answer = await platform.post(
        "/api/v1/telegram", content=body, headers=telegram_headers()
    )

    assert answer.json() == {"kept": 1}
    conversation = await memory.inbox.conversation(woken[0])
    assert (conversation.channel, conversation.address) == ("telegram", "1111111")


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        (WEBHOOK, {}),
        (WEBHOOK, signed(b"another body")),
        ("/api/v1/telegram", {}),
        ("/api/v1/telegram", telegram_headers("a guess")),
    ],
)
async def test_a_forged_call_is_refused_and_nothing_is_kept(
    platform: httpx.AsyncClient,
    memory: Memory,
    path: str,
    headers: dict[str, str],
) -> None:
    body = as_body(payload("waha_message_gows_2025_11"))

    answer = await platform.post(path, content=body, headers=headers)

    assert answer.status_code == 401
    assert await memory.inbox.waiting_conversations() == []


@pytest.mark.parametrize("body", [b"", b"not json", b"[]"])
async def test_what_is_no_event_is_not_understood(
    platform: httpx.AsyncClient, body: bytes
) -> None:
    answer = await platform.post(WEBHOOK, content=body, headers=signed(body))

    assert answer.status_code == 422


@pytest.mark.parametrize(
    "event",
    [
        {"event": "moon.rises"},
        {"event": "message"},
        {"event": "message", "payload": "torn"},
        {},
    ],
)
async def test_a_signed_event_that_means_nothing_to_us_is_accepted(
    platform: httpx.AsyncClient, event: dict[str, str]
) -> None:
    body = as_body(event)

    answer = await platform.post(WEBHOOK, content=body, headers=signed(body))

    assert (answer.status_code, answer.json()) == (200, {"kept": 0})


async def test_a_body_that_is_too_large_is_refused_whatever_it_claims(
    platform: httpx.AsyncClient,
) -> None:
    fits, too_large = b" " * 20_000, b" " * 20_001

    async def in_pieces() -> AsyncIterator[bytes]:  # without Content-Length
        for start in range(0, len(too_large), 1000):
            yield too_large[start : start + 1000]

    async def status(content: bytes | AsyncIterator[bytes], **claims: str) -> int:
        headers = {key.replace("_", "-"): value for key, value in claims.items()}
        answer = await platform.post(WEBHOOK, content=content, headers=headers)
        return answer.status_code

    assert await status(fits) == 401
    assert await status(too_large) == 413
    assert await status(too_large, content_length="7") == 413
    assert await status(in_pieces()) == 413


Opened = Callable[[dict[str, Channel]], AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
def opened(memory: Memory, woken: list[int]) -> Opened:
    return lambda channels: calling(memory, channels, woken)


@pytest.mark.parametrize("path", [WEBHOOK, "/api/v1/telegram"])
async def test_a_door_without_a_secret_or_a_channel_asks_to_come_back(
    opened: Opened, path: str
) -> None:
    http = httpx.AsyncClient()
    without_secret: dict[str, Channel] = {
        "whatsapp": Waha(http, base_url="http://waha", api_key=""),
        "telegram": Telegram(http, token=BOT_TOKEN),
    }
    for channels in (without_secret, {}):
        async with opened(channels) as platform:
            answer = await platform.post(path, content=b"{}", headers=signed(b"{}"))

        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "10"


def put_a_folder_in_its_place(tmp_path: Path) -> None:
    for file in tmp_path.glob("gust.db*"):
        file.unlink()
    (tmp_path / "gust.db").mkdir()


async def test_what_cannot_be_kept_is_asked_for_again(
    platform: httpx.AsyncClient, memory: Memory, tmp_path: Path, woken: list[int]
) -> None:
    body = as_body(payload("waha_message_gows_2025_11"))
    await memory.database.close()
    put_a_folder_in_its_place(tmp_path)

    answer = await platform.post(WEBHOOK, content=body, headers=signed(body))

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert woken == []


async def test_what_people_wrote_is_not_logged(platform: httpx.AsyncClient) -> None:
    event = payload("waha_message_gows_2025_11")
    event["payload"]["body"] = "mon code est XX-1234"
    torn = {"event": "message", "payload": "mon code est XX-1234"}
    with capture_logs() as logged:
        for body in (as_body(event), as_body(torn), b"mon code est XX-1234"):
            for headers in (signed(body), {}):
                await platform.post(WEBHOOK, content=body, headers=headers)

    assert {one["event"] for one in logged} == {
        "message_received",
        "event_not_understood",
        "call_refused",
    }
    for private in ("XX-1234", "33639981111", SECRET):
        assert private not in str(logged)
