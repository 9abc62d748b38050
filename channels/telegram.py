"""Telegram, by its Bot API."""

import hmac
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

import httpx

from memory.records import Incoming, Outgoing

from .calling import MISCONFIGURED_RETRY_S, RETRY_S, ask, body_of, send
from .channel import CHECK_TIMEOUT_S, Configured, DoorState
from .environment import site_of, web_address
from .errors import (
    ClosedDoor,
    DeliveryError,
    DeliveryRefused,
    DeliveryUnavailable,
    DeliveryUnknown,
    ForgedCall,
)
from .telegram_dialect import to_telegram_html
from .telegram_incoming import messages_in
from .telegram_state import state_of_telegram

OFFICIAL_URL = "https://api.telegram.org"
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # Bot API, setWebhook
_WRONG_TOKEN = {401, 404}


@dataclass(frozen=True)
class _WithoutToken:
    """Keeps out of the log what names the token: httpx logs each URL it calls."""

    token: str = field(repr=False)

    def __call__(self, record: logging.LogRecord) -> bool:
        return self.token not in record.getMessage()


class Telegram:
    """One bot."""

    name = "telegram"
    variables: ClassVar[tuple[str, ...]] = (
        "TELEGRAM_BOT_TOKEN",
        "TELEGRAM_WEBHOOK_SECRET",
        "TELEGRAM_BASE_URL",
    )

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        token: str,
        secret: str = "",
        base_url: str = OFFICIAL_URL,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._http = http
        self._bot_id = token.partition(":")[0]
        self._secret = secret.encode()
        self._site = site_of(base_url)
        self._calls = f"{base_url.rstrip('/')}/bot{token}"
        self._now = now
        logging.getLogger("httpx").addFilter(_WithoutToken(token))

    @classmethod
    def open(cls, given: Configured) -> "Telegram | None":
        """The channel, when `TELEGRAM_BOT_TOKEN` is set.

        Raises:
            ValueError: the token, the secret or the base URL is not of its form.
        """
        token = given.environment.get("TELEGRAM_BOT_TOKEN", "").strip()
        if not token:
            return None
        if not _TOKEN.fullmatch(token):
            raise ValueError(
                "TELEGRAM_BOT_TOKEN: expected 123456:ABC…, from @BotFather"
            )
        secret = given.environment.get("TELEGRAM_WEBHOOK_SECRET", "").strip()
        if secret and not _SECRET.fullmatch(secret):
            raise ValueError(
                "TELEGRAM_WEBHOOK_SECRET: expected 1 to 256 of A-Z a-z 0-9 _ -"
            )
        base_url = web_address("TELEGRAM_BASE_URL", given.environment, OFFICIAL_URL)
        return cls(
            given.http, token=token, secret=secret, base_url=base_url or OFFICIAL_URL
        )

    def understand(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        if not self._secret:
            raise ClosedDoor("TELEGRAM_WEBHOOK_SECRET is not set")
        shown = headers.get("x-telegram-bot-api-secret-token", "")
        if not hmac.compare_digest(self._secret, shown.encode()):
            raise ForgedCall("the secret does not fit")
        return messages_in(body, bot_id=self._bot_id, now=self._now)

    async def new_platform_id(self) -> str | None:
        return None

    async def deliver(self, outgoing: Outgoing) -> str | None:
        text = to_telegram_html(outgoing.text)
        answer = await self._send_text(outgoing, text=text, parse_mode="HTML")
        if _cannot_parse(answer):
            # Better plain than lost, and once only.
            answer = await self._send_text(outgoing, text=outgoing.text)
        _raise_unless_sent(answer)
        match body_of(answer):
            case {"result": {"message_id": int() as message_id}}:
                return str(message_id)
            case _:
                return None

    async def was_delivered(self, outgoing: Outgoing) -> bool | None:
        del outgoing
        return None  # a bot cannot read what was said

    async def show_typing(self, address: str) -> None:
        action = {"chat_id": address, "action": "typing"}
        with suppress(DeliveryError):
            await self._call("sendChatAction", action)

    async def state(self, *, public_url: str) -> DoorState:
        if not self._secret:
            return DoorState(
                False, "TELEGRAM_WEBHOOK_SECRET is not set: nothing comes in"
            )
        try:
            me, webhook = await self._look("getMe"), await self._look("getWebhookInfo")
        except DeliveryUnavailable:
            return DoorState(
                False, f"no answer at {self._site}: is there a way to the network?"
            )
        return state_of_telegram(me, webhook, public_url=public_url)

    async def _look(self, verb: str) -> httpx.Response:
        url = f"{self._calls}/{verb}"
        return await ask(self._http, self.name, url, timeout_s=CHECK_TIMEOUT_S)

    async def _send_text(self, outgoing: Outgoing, **text: str) -> httpx.Response:
        return await self._call(
            "sendMessage",
            {
                "chat_id": outgoing.address,
                # Telegram would open the link first, and the phone load a picture.
                "link_preview_options": {"is_disabled": True},
                **text,
            },
        )

    async def _call(self, verb: str, payload: Mapping[str, Any]) -> httpx.Response:
        url = f"{self._calls}/{verb}"
        return await send(self._http, self.name, url, payload=payload)


def _cannot_parse(answer: httpx.Response) -> bool:
    if answer.status_code != 400:
        return False
    return "can't parse entities" in str(body_of(answer).get("description", ""))


def _raise_unless_sent(answer: httpx.Response) -> None:
    status = answer.status_code
    if answer.is_success:
        return
    if status == 429 or status in _WRONG_TOKEN:
        raise DeliveryUnavailable("telegram", retry_after_s=_retry_after_s(answer))
    if answer.is_client_error:
        raise DeliveryRefused(f"telegram: HTTP {status}")
    raise DeliveryUnknown(f"telegram: HTTP {status}")


def _retry_after_s(answer: httpx.Response) -> float:
    match body_of(answer):
        case {"parameters": {"retry_after": int() | float() as seconds}}:
            return float(seconds)
        case _:
            is_away = answer.status_code in _WRONG_TOKEN
            return MISCONFIGURED_RETRY_S if is_away else RETRY_S
