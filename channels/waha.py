"""WhatsApp by WAHA, an HTTP server that holds a linked WhatsApp session."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import ClassVar
from urllib.parse import quote

import httpx

from memory.records import Incoming, Outgoing

from .calling import MISCONFIGURED_RETRY_S, ask, body_of, seconds_to_wait, send
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
from .waha_dialect import to_whatsapp
from .waha_ids import bare_id, chat_at, read_message_id
from .waha_incoming import messages_in
from .waha_state import state_of_waha

_ASK_LATER = {408, 425, 429, 503}
_NOT_OUR_MESSAGE = {401, 404}  # a wrong key, or a session that does not exist


class Waha:
    """One linked WhatsApp number."""

    name = "whatsapp"
    variables: ClassVar[tuple[str, ...]] = (
        "WAHA_BASE_URL",
        "WAHA_API_KEY",
        "WAHA_SESSION",
        "WAHA_WEBHOOK_SECRET",
    )

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        base_url: str,
        api_key: str,
        session: str = "default",
        secret: str = "",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._http = http
        self._base_url = base_url.rstrip("/")
        self._headers = {"X-Api-Key": api_key} if api_key else {}
        self._session = session
        self._secret = secret.encode()
        self._now = now

    @classmethod
    def open(cls, given: Configured) -> "Waha | None":
        """The channel, when `WAHA_BASE_URL` is set.

        Raises:
            ValueError: `WAHA_BASE_URL` is no address of a web server.
        """
        base_url = web_address("WAHA_BASE_URL", given.environment, "http://waha:3000")
        if base_url is None:
            return None
        return cls(
            given.http,
            base_url=base_url,
            api_key=given.environment.get("WAHA_API_KEY", ""),
            session=given.environment.get("WAHA_SESSION") or "default",
            secret=given.environment.get("WAHA_WEBHOOK_SECRET", ""),
        )

    def understand(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Incoming]:
        if not self._secret:
            raise ClosedDoor("WAHA_WEBHOOK_SECRET is not set")
        proof = hmac.new(self._secret, body, hashlib.sha512).hexdigest()
        shown = headers.get("x-webhook-hmac", "").strip().lower()
        if not hmac.compare_digest(proof.encode(), shown.encode()):
            raise ForgedCall("the signature does not fit")
        return messages_in(body, session=self._session, now=self._now)

    async def new_platform_id(self) -> str | None:
        url = self._url(self._session, "new-message-id")
        answer = await ask(self._http, self.name, url, headers=self._headers)
        if answer.status_code == 404:  # WAHA gives ids since 2026.4.3 only
            return None
        _raise_if_away(answer)
        found = body_of(answer).get("id") if answer.is_success else None
        return bare_id(found) if isinstance(found, str) and found else None

    async def deliver(self, outgoing: Outgoing) -> str | None:
        payload = {
            "session": self._session,
            "chatId": chat_at(outgoing.address),
            "text": to_whatsapp(outgoing.text),
            # WAHA would open the link first, and the phone load a picture.
            "linkPreview": False,
        }
        if outgoing.platform_id:
            payload["id"] = outgoing.platform_id
        answer = await self._post("sendText", payload)
        _raise_if_away(answer)
        if answer.is_client_error:
            raise DeliveryRefused(f"whatsapp: HTTP {answer.status_code}")
        if not answer.is_success:
            raise DeliveryUnknown(f"whatsapp: HTTP {answer.status_code}")
        found = body_of(answer).get("id")
        return bare_id(found) if isinstance(found, str) else outgoing.platform_id

    async def was_delivered(self, outgoing: Outgoing) -> bool | None:
        if outgoing.platform_id is None:
            return None
        chat, message_id = chat_at(outgoing.address), outgoing.platform_id
        if read_message_id(message_id) is None:
            message_id = f"true_{chat}_{message_id}"
        url = self._url(self._session, "chats", chat, "messages", message_id)
        answer = await ask(
            self._http,
            self.name,
            url,
            params={"downloadMedia": "false"},
            headers=self._headers,
        )
        if answer.status_code == 404:
            return False
        _raise_if_away(answer)
        if answer.is_server_error:
            raise DeliveryUnavailable(self.name, retry_after_s=seconds_to_wait(answer))
        if not answer.is_success:
            return None  # NOWEB without a store keeps no messages
        return bool(body_of(answer))

    async def show_typing(self, address: str) -> None:
        chat = {"session": self._session, "chatId": chat_at(address)}
        with suppress(DeliveryError):
            await self._post("sendSeen", chat)
            await self._post("startTyping", chat)

    async def state(self, *, public_url: str) -> DoorState:
        del public_url  # WAHA may well call us by another name
        if not self._secret:
            return DoorState(False, "WAHA_WEBHOOK_SECRET is not set: nothing comes in")
        try:
            version = await self._look("server", "version")
            session = await self._look("sessions", self._session)
        except DeliveryUnavailable:
            site = site_of(self._base_url)
            return DoorState(
                False, f"no answer at {site}: start WAHA, or correct WAHA_BASE_URL"
            )
        return state_of_waha(version, session, name=self._session)

    async def _look(self, *parts: str) -> httpx.Response:
        return await ask(
            self._http,
            self.name,
            self._url(*parts),
            headers=self._headers,
            timeout_s=CHECK_TIMEOUT_S,
        )

    async def _post(self, verb: str, payload: Mapping[str, object]) -> httpx.Response:
        return await send(
            self._http,
            self.name,
            self._url(verb),
            payload=payload,
            headers=self._headers,
        )

    def _url(self, *parts: str) -> str:
        return "/".join((self._base_url, "api", *(quote(part, "") for part in parts)))


def _raise_if_away(answer: httpx.Response) -> None:
    """What is no verdict on the message: WAHA, its session or our key is not ready.

    A session that waits for its QR code answers 422 with what it expected.
    """
    status = answer.status_code
    if status in _ASK_LATER:
        raise DeliveryUnavailable("whatsapp", retry_after_s=seconds_to_wait(answer))
    is_session_away = status == 422 and "expected" in body_of(answer)
    if status in _NOT_OUR_MESSAGE or is_session_away:
        raise DeliveryUnavailable("whatsapp", retry_after_s=MISCONFIGURED_RETRY_S)
