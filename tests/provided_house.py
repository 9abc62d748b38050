"""The whole house, served by real SDKs that talk to the counterpart of providers."""

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx
from pydantic_ai.models import Model

from main import House, Replacements, open_house, utc_now, web_app
from memory.records import Message, Outgoing
from tests.agent.providers.kitchen import ADDRESSES, MODEL_NAMES
from tests.canaries import OWN_NAME, OWN_PHONE, canary_world
from tests.channels.recorded import BOT_TOKEN, SECRET, signed
from tests.conftest import Clock
from tests.counterparts.providers import ProviderCounterpart
from tests.whole_house import (
    called,
    on_whatsapp,
    settings_in,
    writes_on_telegram,
)

ADMIN_ID = 900
NOWHERE = "http://127.0.0.1:1"  # nothing is delivered in these tests
_numbers = count(1)


@dataclass
class Provided:
    """A house, its doors, and the providers that it asks."""

    house: House
    http: httpx.AsyncClient
    counterpart: ProviderCounterpart

    async def hears(self, text: str, *, by: str = OWN_PHONE) -> Message:
        """A contact writes on WhatsApp; nobody has answered yet."""
        body = _whatsapp_event(text, by=by)
        answer = await self.http.post(
            "/api/v1/webhook", content=body, headers=signed(body)
        )
        return await self._kept(answer)

    async def answers(self, text: str, *, by: str = OWN_PHONE) -> list[str]:
        """A contact writes on WhatsApp, and this is what is said to them."""
        return await self._answered(await self.hears(text, by=by))

    async def answers_admin(self, text: str) -> list[str]:
        """The admin writes on Telegram, and this is what is said to them."""
        answer = await writes_on_telegram(self.http, text, by=ADMIN_ID, name="Awa")
        return await self._answered(await self._kept(answer))

    async def read_by_admin(self) -> list[str]:
        """Everything that the admin has been sent, alerts too."""
        inbox = self.house.memory.inbox
        told = await inbox.conversation_of(f"telegram:{ADMIN_ID}", "telegram")
        return [one.text for one in await self._outgoing(told.id)] if told else []

    async def _answered(self, message: Message) -> list[str]:
        before = len(await self._outgoing(message.conversation_id))
        await self.house.answering.drain(message.conversation_id)
        said = await self._outgoing(message.conversation_id)
        return [one.text for one in said[before:]]

    async def _kept(self, answer: httpx.Response) -> Message:
        assert answer.status_code == 200
        inbox = self.house.memory.inbox
        [conversation_id] = await inbox.waiting_conversations()
        *_, message = await inbox.waiting(conversation_id)
        return message

    async def _outgoing(self, conversation_id: int) -> Sequence[Outgoing]:
        return await self.house.memory.outbox.of_conversation(conversation_id)


@asynccontextmanager
async def provided_house(
    folder: Path,
    counterpart: ProviderCounterpart,
    keys: Mapping[str, str],
    *,
    built_in: Model | None = None,
    clock: Clock | None = None,
    more: Mapping[str, str] | None = None,
) -> AsyncGenerator[Provided]:
    """`provided_house(tmp_path, counterpart, {"zai": "429", "openai": "ok"})`."""
    environment = {
        **{name: counterpart.base_url(at) for name, at in ADDRESSES.items()},
        **MODEL_NAMES,
        **{f"{name.upper()}_API_KEYS": key for name, key in keys.items()},
        **on_whatsapp(NOWHERE),
        "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
        "TELEGRAM_BASE_URL": NOWHERE,
        "ADMINS": f"telegram:{ADMIN_ID}",
        "PROVIDERS": ",".join([*keys, "offline"]),
        **(more or {}),
    }
    settings = settings_in(folder, **environment)
    replaced = Replacements(model=built_in, now=clock or utc_now)
    async with (
        open_house(settings, await canary_world(), replaced=replaced) as house,
        called(web_app(house)) as http,
    ):
        yield Provided(house, http, counterpart)


def _whatsapp_event(text: str, *, by: str) -> bytes:
    chat = f"{by.removeprefix('+')}@c.us"
    payload = {
        "id": f"false_{chat}_P{next(_numbers):08}",
        "from": chat,
        "fromMe": False,
        "timestamp": 1_790_000_000,
        "body": text,
        "_data": {"notifyName": OWN_NAME},
    }
    event = {"event": "message", "session": "default", "payload": payload}
    return json.dumps(event).encode()
