import json
import logging
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from channels.channel import Configured
from channels.errors import (
    ClosedDoor,
    DeliveryRefused,
    DeliveryUnavailable,
    DeliveryUnknown,
    ForgedCall,
    NotUnderstood,
)
from channels.telegram import Telegram
from tests.channels.recorded import (
    BOT_TOKEN,
    SECRET,
    as_body,
    outgoing,
    payload,
    telegram_headers,
)

SENT: dict[str, Any] = {"ok": True, "result": {"message_id": 7}}
EMPTY: dict[str, Any] = {}
Answer = tuple[int, dict[str, Any]] | Exception


class BotApi(httpx.AsyncBaseTransport):
    """Answers what it was told to, and remembers what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, dict[str, Any]]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(await request.aread())
        self.asked.append((str(request.url), body))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer[0], json=answer[1])


def telegram(api: BotApi, secret: str = SECRET) -> Telegram:
    client = httpx.AsyncClient(transport=api)
    return Telegram(client, token=BOT_TOKEN, secret=secret)


class TestUnderstanding:
    def test_a_call_with_our_secret_is_understood(self) -> None:
        body = as_body(payload("telegram_message_text"))

        (incoming,) = telegram(BotApi()).understand(body, telegram_headers())

        assert incoming.text == "/start"
        assert incoming.key == "telegram:4242:1111111:1365"

    @pytest.mark.parametrize(
        "headers", [{}, telegram_headers("other"), telegram_headers("é")]
    )
    def test_a_call_without_it_is_forged(self, headers: dict[str, str]) -> None:
        with pytest.raises(ForgedCall):
            telegram(BotApi()).understand(b"{}", headers)

    def test_without_a_secret_nothing_comes_in(self) -> None:
        with pytest.raises(ClosedDoor):
            telegram(BotApi(), secret="").understand(b"{}", telegram_headers(""))

    def test_what_is_no_json_object_is_not_understood(self) -> None:
        with pytest.raises(NotUnderstood):
            telegram(BotApi()).understand(b"[]", telegram_headers())


class TestSending:
    async def test_a_reply_is_sent_as_html(self) -> None:
        api = BotApi((200, SENT))

        sent_as = await telegram(api).deliver(outgoing("**Oui** <3", address="11"))

        assert sent_as == "7"
        url, body = api.asked[0]
        assert url == f"https://api.telegram.org/bot{BOT_TOKEN}/sendMessage"
        assert body == {
            "chat_id": "11",
            "text": "<b>Oui</b> &lt;3",
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }

    async def test_html_that_cannot_be_parsed_is_sent_once_more_as_it_was_written(
        self,
    ) -> None:
        unparsed = (400, payload("telegram_error_parse_entities"))
        api = BotApi(unparsed, (200, SENT))

        await telegram(api).deliver(outgoing("a < b", address="11"))

        assert [body["text"] for _, body in api.asked] == ["a &lt; b", "a < b"]
        assert "parse_mode" not in api.asked[1][1]

    async def test_and_once_only(self) -> None:
        unparsed = (400, payload("telegram_error_parse_entities"))

        with pytest.raises(DeliveryRefused):
            await telegram(BotApi(unparsed, unparsed)).deliver(
                outgoing("a", address="11")
            )

    @pytest.mark.parametrize("status", [400, 403])
    async def test_somebody_who_blocked_the_bot_is_not_written_to_again(
        self, status: int
    ) -> None:
        blocked = (status, {"ok": False, "description": "Forbidden: bot was blocked"})

        with pytest.raises(DeliveryRefused):
            await telegram(BotApi(blocked)).deliver(outgoing("a", address="11"))

    @pytest.mark.parametrize(
        ("answer", "retry_after_s"),
        [
            ((429, payload("telegram_error_429")), 8),
            ((429, EMPTY), 5),
            ((401, {"ok": False}), 60),
            ((404, {"ok": False}), 60),
            (httpx.ConnectError("no"), 5),
            (httpx.ConnectTimeout("no"), 5),
        ],
    )
    async def test_what_was_certainly_not_sent_is_sent_later(
        self, answer: Answer, retry_after_s: float
    ) -> None:
        with pytest.raises(DeliveryUnavailable) as absence:
            await telegram(BotApi(answer)).deliver(outgoing("a", address="11"))
        assert absence.value.retry_after_s == retry_after_s

    @pytest.mark.parametrize(
        "answer",
        [
            (502, EMPTY),
            httpx.ReadTimeout("no"),
            httpx.WriteError("no"),
            httpx.RemoteProtocolError("no"),
        ],
    )
    async def test_what_may_have_been_sent_is_unknown(self, answer: Answer) -> None:
        with pytest.raises(DeliveryUnknown):
            await telegram(BotApi(answer)).deliver(outgoing("a", address="11"))

    async def test_an_answer_without_an_id_was_sent_all_the_same(self) -> None:
        api = BotApi((200, {"ok": True}))

        assert await telegram(api).deliver(outgoing("a", address="11")) is None

    async def test_a_bot_cannot_read_what_was_said(self) -> None:
        bot = telegram(BotApi())

        assert await bot.new_platform_id() is None
        assert await bot.was_delivered(outgoing("a", address="11")) is None

    @pytest.mark.parametrize(
        "answer", [(200, SENT), (500, EMPTY), httpx.ReadError("no")]
    )
    async def test_a_typing_sign_never_fails(self, answer: Answer) -> None:
        api = BotApi(answer)

        await telegram(api).show_typing("11")

        assert api.asked[0][1] == {"chat_id": "11", "action": "typing"}


class TestTheToken:
    async def test_it_does_not_reach_the_log(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        caplog.set_level(logging.DEBUG, logger="httpx")
        http = httpx.AsyncClient(transport=BotApi((200, SENT), (200, SENT)))

        await http.post("https://other.example/x", json={})
        await Telegram(http, token=BOT_TOKEN).deliver(outgoing("a", address="11"))

        assert "other.example" in caplog.text  # httpx does log what it calls
        assert BOT_TOKEN not in caplog.text

    @pytest.mark.parametrize(
        "answer", [(502, EMPTY), (403, EMPTY), (429, EMPTY), httpx.ReadTimeout("no")]
    )
    async def test_it_does_not_reach_an_error(self, answer: Answer) -> None:
        with pytest.raises(Exception, match="telegram") as raised:
            await telegram(BotApi(answer)).deliver(outgoing("a", address="11"))

        assert BOT_TOKEN not in str(raised.value)
        assert raised.value.__cause__ is None


Opens = Callable[[dict[str, str]], Telegram | None]


@pytest.fixture
def opens() -> Opens:
    http = httpx.AsyncClient(transport=BotApi((200, SENT)))
    return lambda names: Telegram.open(Configured(environment=names, http=http))


class TestOpening:
    async def test_it_opens_when_its_token_is_set(self) -> None:
        api = BotApi((200, SENT))
        bot = Telegram.open(
            Configured(
                environment={
                    "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
                    "TELEGRAM_BASE_URL": "http://127.0.0.1:9000/",
                },
                http=httpx.AsyncClient(transport=api),
            )
        )

        assert bot is not None
        await bot.deliver(outgoing("a", address="11"))
        assert api.asked[0][0] == f"http://127.0.0.1:9000/bot{BOT_TOKEN}/sendMessage"

    def test_it_stays_shut_otherwise(self, opens: Opens) -> None:
        assert opens({"TELEGRAM_BOT_TOKEN": " "}) is None

    @pytest.mark.parametrize(
        ("variable", "value"),
        [
            ("TELEGRAM_BOT_TOKEN", "not-a-token"),
            ("TELEGRAM_WEBHOOK_SECRET", "with a blank"),
            ("TELEGRAM_BASE_URL", "api.telegram.org"),
        ],
    )
    def test_a_wrong_value_is_named_and_not_shown(
        self, opens: Opens, variable: str, value: str
    ) -> None:
        names = {"TELEGRAM_BOT_TOKEN": BOT_TOKEN, variable: value}

        with pytest.raises(ValueError, match=f"^{variable}: expected") as wrong:
            opens(names)
        assert value not in str(wrong.value).replace("https://api.telegram.org", "")
