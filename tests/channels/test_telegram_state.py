"""What `main.py check` says of Telegram, asked of a server of this machine."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from channels.telegram import Telegram
from tests.channels.recorded import BOT_TOKEN, SECRET
from tests.whole_house import served

OURS = "https://gust.example.org/api/v1/telegram"
BOT: dict[str, Any] = {"id": 4242, "is_bot": True, "username": "gust_bot"}


def bot_api(webhook: dict[str, Any]) -> FastAPI:
    """A Bot API that knows one bot, and answers 401 to everybody else."""
    app = FastAPI()
    answers = {"getMe": BOT, "getWebhookInfo": webhook}

    @app.get("/bot{token}/{verb}")
    def answer(token: str, verb: str) -> JSONResponse:
        if token != BOT_TOKEN:
            return JSONResponse({"ok": False, "error_code": 401}, status_code=401)
        return JSONResponse({"ok": True, "result": answers[verb]})

    del answer
    return app


async def told(base_url: str, **changes: str) -> tuple[bool, str]:
    """Whether it is well, and the line that says so."""
    known: dict[str, Any] = {"token": BOT_TOKEN, "secret": SECRET, "base_url": base_url}
    known.update(changes)
    async with httpx.AsyncClient() as http:
        bot = Telegram(http, **known)
        state = await bot.state(public_url="https://gust.example.org/")
    assert "\n" not in state.detail
    assert BOT_TOKEN not in state.detail
    return state.is_well, state.detail


@pytest.mark.parametrize(
    ("webhook", "expected"),
    [
        ({"url": OURS}, "bot @gust_bot; its webhook is ours"),
        (
            {"url": OURS, "last_error_message": "Bad Gateway"},
            "bot @gust_bot; its webhook is ours",
        ),
    ],
)
async def test_a_bot_that_calls_us_is_well(
    webhook: dict[str, Any], expected: str
) -> None:
    async with served(bot_api(webhook)) as server:
        assert await told(str(server.base_url)) == (True, expected)


@pytest.mark.parametrize(
    ("webhook", "expected"),
    [
        ({"url": ""}, f"no webhook is set: call setWebhook with url={OURS}"),
        (
            {"url": "https://old.example/hunter2"},
            f"its webhook points elsewhere (https://old.example), not to {OURS}",
        ),
        (
            {
                "url": OURS,
                "last_error_message": "Wrong response: 401",
                "pending_update_count": 3,
            },
            'Telegram cannot reach us: "Wrong response: 401" (3 updates wait)',
        ),
    ],
)
async def test_a_webhook_that_does_not_reach_us_is_told(
    webhook: dict[str, Any], expected: str
) -> None:
    async with served(bot_api(webhook)) as server:
        assert await told(str(server.base_url)) == (
            False,
            f"bot @gust_bot; {expected}",
        )


async def test_a_refused_token_is_told() -> None:
    async with served(bot_api({})) as server:
        is_well, detail = await told(str(server.base_url), token="4242:other")

    assert not is_well
    assert "TELEGRAM_BOT_TOKEN" in detail


async def test_without_a_secret_nothing_comes_in() -> None:
    is_well, detail = await told("http://127.0.0.1:1", secret="")

    assert not is_well
    assert "TELEGRAM_WEBHOOK_SECRET" in detail


async def test_nobody_at_the_address_is_told() -> None:
    is_well, detail = await told("http://127.0.0.1:1")

    assert not is_well
    assert detail.startswith("no answer at http://127.0.0.1:1")


async def test_something_else_at_the_address_is_told() -> None:
    async with served(FastAPI(docs_url=None)) as server:
        is_well, detail = await told(str(server.base_url) + "/x")

    assert not is_well
    assert "BotFather" in detail  # 404 is also what Telegram says of a wrong token


async def test_an_answer_of_another_form_is_told() -> None:
    async with served(bot_api({"updates": 3})) as server:
        is_well, detail = await told(str(server.base_url))

    assert not is_well
    assert "no Bot API that we know (HTTP 200 and 200)" in detail
