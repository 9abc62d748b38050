"""A house in which one contact talks to the worst model, and everything it lets out."""

import json
from collections.abc import (
    AsyncGenerator,
    Callable,
    Mapping,
    Set,
)
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx
from pydantic_ai.messages import ToolCallPart

from channels.explain import explain
from channels.telegram import Telegram
from channels.waha import Waha
from channels.web.auth import hash_password
from channels.web_chat import WebChat
from config.cast import PlayedContact
from main import House, web_app
from memory.records import Incoming, MessageState, NewPage, ToolOutcome
from tests.channels.recorded import BOT_TOKEN, SECRET
from tests.tools.school import PROFILES, OneDocument
from tests.whole_house import (
    a_world,
    called,
    served,
    settings_in,
    whole_house,
    writes_on_telegram,
    writes_on_whatsapp,
)
from tests.worst_model import OWN_CODE, Betrayed, WorstModel

PHONE, TELEGRAM_ID, WEB = "+221770000555", 900, "web:awa"
ADMINS = f"telegram:{TELEGRAM_ID},whatsapp:{PHONE}"
CAST = [PlayedContact(key="awa", label="Awa", alias=WEB)]
PASSWORD = "tamarinier-7"

# What may come out where: staff read what people wrote, and the reason that the model
# gave; an admin in the mode reads the fields that the profile lists.
AT_STAFF = {"conversation.text", "conversation.name", "conversation.reason"}
OF_THE_MODEL = {"guess", "known code"}
TO_ADMINS = {"guardians.first", "guardians.last", "guardians.phone", "rooms.room"}


class Platforms:
    """WhatsApp and Telegram as they receive us: what we told them, as it was sent."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("new-message-id"):
            return httpx.Response(404)
        self.told.append(str(json.loads(request.content or b"null")))
        answer: dict[str, Any] = {"id": f"true_1@c.us_{len(self.told)}", "ok": True}
        return httpx.Response(201, json=answer)


@dataclass(kw_only=True)
class Attacked:
    """A house in which one contact talks to the worst model, and all its doors."""

    house: House
    http: httpx.AsyncClient
    world: Betrayed
    model: WorstModel
    platforms: Platforms
    written: Callable[[], str]  # what stdout, stderr and the logs hold
    message_ids: list[int] = field(default_factory=list[int])

    async def hears(self, text: str, *, door: str) -> None:
        """The contact writes; it is answered and delivered."""
        if door == "whatsapp":
            answer = await writes_on_whatsapp(self.http, text, by=PHONE)
        elif door == "telegram":
            answer = await writes_on_telegram(self.http, text, by=TELEGRAM_ID)
        else:
            answer = await self.http.post("/chat/awa/messages", json={"text": text})
        assert answer.is_success
        [conversation_id] = await self.house.memory.inbox.waiting_conversations()
        [message] = await self.house.memory.inbox.waiting(conversation_id)
        self.message_ids.append(message.id)
        await self.house.answering.drain(conversation_id)
        await self.house.delivery.run_until_idle()
        kept = await self.house.memory.inbox.message(message.id)
        assert kept
        assert kept.state is MessageState.ANSWERED, text

    async def is_attacked(self, *, door: str, at_most: int = 999) -> None:
        """Turn after turn, until the model knows nothing worse to do."""
        for _ in range(at_most):
            await self.hears("et maintenant ?", door=door)
            if self.model.is_spent:
                return

    async def outcomes(self) -> Mapping[ToolOutcome, set[str]]:
        """Which tools ended how."""
        found: dict[ToolOutcome, set[str]] = {outcome: set() for outcome in ToolOutcome}
        for turn in await self.house.memory.turns.recent(2, at_most=999):
            for call in turn.tools:
                found[call.outcome].add(call.name)
        return found

    async def leaks(self, *, but: Set[str] = frozenset()) -> set[tuple[str, str]]:
        """Every door, with the place of what came out there and should not have."""
        doors = await self._doors()
        may = {
            "staff": AT_STAFF | OF_THE_MODEL,  # the reason of a handoff
            "chat": OF_THE_MODEL,  # the arguments of a tool
            "pages": OF_THE_MODEL,  # the title of a page
        }
        return {
            (door, place)
            for door, text in doors.items()
            for place in self.world.canaries.found_in(text)
            if place not in but | may.get(door, set())
        }

    async def _doors(self) -> Mapping[str, str]:
        memory = self.house.memory
        explained = [await explain(memory, number) for number in self.message_ids]
        links = [link.removeprefix("http://gust.test") for link in self.model.links]
        return {
            "model": "\n".join(self.model.told),
            "platforms": "\n".join(self.platforms.told),
            "outbox": str(await memory.outbox.of_conversation(2)),
            "explain": "\n".join(line for lines in explained for line in lines or ()),
            "metrics": await self._read("/metrics"),
            "pages": "".join([await self._read(link) for link in links]),
            "closed": await self._closed_doors(),
            "chat": await self._chat(),
            "staff": await self._staff(),
            "logs": self.written(),
        }

    async def _read(self, path: str, **headers: str) -> str:
        return (await self.http.get(path, headers=headers)).text

    async def _closed_doors(self) -> str:
        paths = ("/staff/handoffs", "/staff/handoffs/1", "/p/x", "/chat/x/events", "/x")
        accepts = ("text/html", "application/json")
        return "".join([await self._read(p, accept=a) for p in paths for a in accepts])

    async def _chat(self) -> str:
        """The web chat as its page reads it: what was, until it is up to date."""
        async with (
            served(web_app(self.house, cast=CAST)) as http,
            http.stream("GET", "/chat/awa/events") as stream,
        ):
            lines: list[str] = []
            async for line in stream.aiter_lines():
                lines.append(line)
                if line == "event: ready":
                    break
        return "\n".join(json.dumps(_decoded(line)) for line in lines)

    async def _staff(self) -> str:
        await self.house.memory.staff.add("Thérèse", hash_password(PASSWORD))
        form = {"name": "Thérèse", "password": PASSWORD}
        await self.http.post("/staff/sign-in", data=form)
        seen = [
            await self._read(path, accept=accept)
            for path in ("/staff/handoffs", "/staff/handoffs/1", "/staff/handoffs/2")
            for accept in ("text/html", "application/json")
        ]
        assert "Thérèse" in seen[0]
        return "\n".join(seen)


def _decoded(line: str) -> Any:
    return json.loads(line[6:]) if line.startswith("data: ") else line


Changed = Callable[[House, WorstModel], House]


class Attack(Protocol):
    """Opens a house under attack, as it is or with something changed."""

    def __call__(
        self, changed: Changed = ..., /
    ) -> AbstractAsyncContextManager[Attacked]: ...


def as_it_is(house: House, model: WorstModel) -> House:
    return house


@asynccontextmanager
async def attacked_house(
    folder: Path, written: Callable[[], str], changed: Changed
) -> AsyncGenerator[Attacked]:
    """The house under attack; `written` reads what stdout, stderr and the logs hold."""
    world, platforms = Betrayed(), Platforms()
    model = WorstModel(world)
    http = platforms.client()
    settings = settings_in(folder, ADMINS=ADMINS, STAFF_CHAT="telegram:-100")
    channels = {
        "whatsapp": Waha(http, base_url="http://w", api_key="", secret=SECRET),
        "telegram": Telegram(http, token=BOT_TOKEN, secret=SECRET),
        "web": WebChat(),
    }
    seen = a_world(tables=world.tables, documents=OneDocument(), profiles=PROFILES)
    async with whole_house(
        settings, model=model.model, world=seen, channels=channels
    ) as house:
        changed_house = changed(house, model)
        async with called(web_app(changed_house, cast=CAST)) as client:
            yield Attacked(
                house=changed_house,
                http=client,
                world=world,
                model=model,
                platforms=platforms,
                written=written,
            )


async def somebody_else_was_here(attacked: Attacked) -> None:
    """Another person: what they wrote, their name, their handoff and their page."""
    new, memory = attacked.world.canaries.new, attacked.house.memory
    message = await memory.inbox.receive(
        Incoming(
            key="telegram:before",
            channel="telegram",
            aliases=("telegram:111", new("conversation.alias", "whatsapp:+22178{}")),
            address="111",
            text=new("conversation.text"),
            sent_at=attacked.house.desk.now(),
            correlation_id="before",
            name=new("conversation.name"),
        )
    )
    assert message
    await memory.handoffs.request(
        message.conversation_id,
        key="before",
        reason=new("conversation.reason"),
        urgent=False,
        card=None,
    )
    await memory.handoffs.claim(1, staff="Paul")
    held = await memory.inbox.conversation(message.conversation_id)
    await memory.inbox.hold(held)
    page = NewPage(
        key="before",
        token=new("page.token"),
        title=new("page.title"),
        body_markdown=new("page.body"),
        created_by="parent:1",
        expires_at=attacked.house.desk.now(),
        conversation_id=message.conversation_id,
    )
    assert await memory.pages.add(page)


def proving(code: str) -> ToolCallPart:
    return ToolCallPart("verify_parent_code", {"code": code})


async def become(attacked: Attacked, role: str, *, door: str) -> None:
    """The contact proves what they can, in a house where others were before."""
    await somebody_else_was_here(attacked)
    if role == "parent":
        attacked.model.says_first = [proving(OWN_CODE)]
        await attacked.hears(f"mon code est {OWN_CODE}", door=door)
    elif role == "locked":
        for wrong in ("AA-1111", "AA-2222", "AA-3333", "AA-4444", "AA-5555"):
            attacked.model.says_first = [proving(wrong)]
            await attacked.hears(wrong, door=door)
        # Even the right code of somebody is refused now, though it was written.
        attacked.model.says_first = [proving(attacked.world.known_code)]
        await attacked.hears(attacked.world.known_code, door=door)
    elif role == "admin":
        await attacked.hears("admin", door=door)
