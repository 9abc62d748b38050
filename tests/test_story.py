"""The story of one message, told by the house itself. Read this first.

The eight steps are those of docs/architecture.md: a verified call, the inbox, the
worker, the turn, the provider, the tools, one transaction, the delivery.
"""

from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import httpx
import pytest
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models.function import AgentInfo, FunctionModel

from channels.web.auth import hash_password
from main import House, web_app, working
from memory.records import MessageState, Mode, OutgoingState, Service, ToolOutcome
from tests.counterparts.waha import WahaCounterpart, running_waha
from tests.whole_house import (
    NoDocuments,
    a_world,
    called,
    on_whatsapp,
    settings_in,
    settled,
    until,
    whatsapp_event,
    whole_house,
    writes_on_whatsapp,
)
from tools.backends.documents import Passage

PARENT = "+221770000199"
QUESTION = "Le bureau ouvre à quelle heure ?"
HOURS = "Le bureau ouvre à 9 h."
PASSWORD = "tamarinier-7"


class OneDocument(NoDocuments):
    """The only thing that this organisation has written down."""

    async def search(self, query: str, *, at_most: int = 5) -> list[Passage]:
        return [
            Passage(
                title="Horaires",
                heading=None,
                text=HOURS,
                source="horaires.md",
                updated=date(2026, 9, 1),
                score=1,
                is_evident=True,
            )
        ]


class Librarian:
    """A model that looks into the documents, then says what it has read."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    @property
    def model(self) -> FunctionModel:
        return FunctionModel(self._respond, model_name="librarian")

    async def _respond(
        self, messages: list[ModelMessage], info: AgentInfo
    ) -> ModelResponse:
        last = messages[-1]
        assert isinstance(last, ModelRequest)
        found = [part for part in last.parts if isinstance(part, ToolReturnPart)]
        if found:
            return ModelResponse(parts=[TextPart(self._quoted(found[0]))])
        asked = [part for part in last.parts if isinstance(part, UserPromptPart)]
        self.asked += [str(part.content) for part in asked]
        call = ToolCallPart("search_documents", {"query": "horaires du bureau"})
        return ModelResponse(parts=[call])

    def _quoted(self, found: ToolReturnPart) -> str:
        return f"{HOURS} (Horaires)" if HOURS in str(found.content) else "?"


@pytest.fixture
def librarian() -> Librarian:
    return Librarian()


@pytest.fixture
def waha() -> Generator[WahaCounterpart]:
    with running_waha() as counterpart:
        yield counterpart


@pytest.fixture
async def house(
    tmp_path: Path, waha: WahaCounterpart, librarian: Librarian
) -> AsyncGenerator[House]:
    settings = settings_in(tmp_path, DEBOUNCE_S="0.2", **on_whatsapp(waha.url))
    world = a_world(documents=OneDocument())
    async with whole_house(settings, model=librarian.model, world=world) as built:
        yield built


@pytest.fixture
async def http(house: House) -> AsyncGenerator[httpx.AsyncClient]:
    async with called(web_app(house)) as client:
        yield client


async def test_one_message_from_the_webhook_to_the_counterpart(
    house: House, http: httpx.AsyncClient, waha: WahaCounterpart, librarian: Librarian
) -> None:
    memory = house.memory

    # 1. A call that WAHA has not signed is nobody's: nothing is kept of it.
    body = whatsapp_event(QUESTION, by=PARENT)
    forged = {"x-webhook-hmac": "0" * 128}
    refused = await http.post("/api/v1/webhook", content=body, headers=forged)
    assert refused.status_code == 401
    assert await memory.inbox.waiting_conversations() == []

    # 2. A signed one is kept and answered 200 before anybody has thought about it.
    accepted = await writes_on_whatsapp(http, QUESTION, by=PARENT)
    assert (accepted.status_code, accepted.json()) == (200, {"kept": 1})
    [conversation_id] = await memory.inbox.waiting_conversations()
    [message] = await memory.inbox.waiting(conversation_id)
    assert (message.text, message.attempts) == (QUESTION, 0)
    assert librarian.asked == []

    # 3 to 7. The worker takes what waits and has it answered.
    await house.answering.drain(conversation_id)

    # 3. The message was counted as tried before anybody worked on it.
    answered = await memory.inbox.message(message.id)
    assert answered
    assert answered.attempts == 1

    # 4. The turn knows whose it is and what was said.
    assert answered.turn_id
    turn = await memory.turns.turn(answered.turn_id)
    assert turn
    assert turn.said == (QUESTION,)
    assert turn.correlation_id == message.correlation_id

    # 5. One provider was asked: once for what to do, once for what to say.
    assert librarian.asked == [QUESTION]
    assert turn.model_calls == 2

    # 6. The tool did its work, and the turn is filed under its service.
    [call] = turn.tools
    assert (call.name, call.outcome) == ("search_documents", ToolOutcome.OK)
    assert turn.service is Service.RENSEIGNEMENT

    # 7. History, outbox and the mark on the message were kept together.
    assert answered.state is MessageState.ANSWERED
    assert turn.history
    [reply] = await memory.outbox.of_turn(turn.id)
    assert reply.state is OutgoingState.WAITING
    assert waha.sent == []

    # 8. The delivery leases it, sends it, and marks it sent.
    await house.delivery.run_until_idle()
    [sent] = waha.sent
    assert (sent["body"], sent["to"]) == (f"{HOURS} (Horaires)", "221770000199@c.us")
    [reply] = await memory.outbox.of_turn(turn.id)
    assert reply.state is OutgoingState.SENT
    assert reply.platform_id
    assert reply.platform_id in sent["id"]


async def only_message(house: House) -> int:
    [conversation_id] = await house.memory.inbox.waiting_conversations()
    [message] = await house.memory.inbox.waiting(conversation_id)
    return message.id


async def test_a_message_sent_twice_is_answered_once(
    house: House, http: httpx.AsyncClient, waha: WahaCounterpart, librarian: Librarian
) -> None:
    for kept in (1, 0):
        call = await writes_on_whatsapp(http, QUESTION, by=PARENT, key="THE-SAME")
        assert (call.status_code, call.json()) == (200, {"kept": kept})
    message_id = await only_message(house)

    async with working(house):
        await settled(house.memory, message_id)
        again = await writes_on_whatsapp(http, QUESTION, by=PARENT, key="THE-SAME")

    assert again.json() == {"kept": 0}
    assert len(waha.sent) == 1
    assert librarian.asked == [QUESTION]


async def test_a_burst_is_answered_once(
    house: House, http: httpx.AsyncClient, waha: WahaCounterpart, librarian: Librarian
) -> None:
    burst = ["Bonjour", "une question", QUESTION]
    async with working(house):
        for text in burst:
            await writes_on_whatsapp(http, text, by=PARENT)
        for message_id in (1, 2, 3):
            await settled(house.memory, message_id)

    assert librarian.asked == ["\n".join(burst)]
    assert len(waha.sent) == 1
    assert await house.memory.inbox.waiting_conversations() == []


async def signed_in(house: House, http: httpx.AsyncClient) -> httpx.AsyncClient:
    """The same client, as a member of the staff who wants JSON."""
    await house.memory.staff.add("Sœur Thérèse", hash_password(PASSWORD))
    form = {"name": "Sœur Thérèse", "password": PASSWORD}
    answer = await http.post("/staff/sign-in", data=form)
    assert answer.status_code == 303
    http.headers["accept"] = "application/json"
    return http


async def test_a_human_claims_answers_and_gives_back(
    house: House, http: httpx.AsyncClient, waha: WahaCounterpart, librarian: Librarian
) -> None:
    memory = house.memory
    await writes_on_whatsapp(http, QUESTION, by=PARENT)
    [conversation_id] = await memory.inbox.waiting_conversations()
    await memory.handoffs.request(
        conversation_id, key="h", reason="?", urgent=False, card=None
    )
    staff = await signed_in(house, http)

    async with working(house):
        await settled(memory, 1)  # asked for, not yet there: the agent still answers
        claimed = await staff.post("/staff/handoffs/1/claim")
        assert claimed.json()["state"] == "claimed"

        await writes_on_whatsapp(http, "Vous êtes là ?", by=PARENT)
        held = await settled(memory, 2)
        assert held.state is MessageState.HELD
        assert (len(waha.sent), len(librarian.asked)) == (1, 1)

        await staff.post("/staff/handoffs/1/reply", json={"text": "Oui, bonjour !"})
        await until(lambda: sent(waha, 2))
        assert waha.sent[1]["body"] == "Oui, bonjour !"

        await staff.post("/staff/handoffs/1/return")
        assert (await memory.inbox.conversation(conversation_id)).mode is Mode.BOT
        await writes_on_whatsapp(http, QUESTION, by=PARENT)
        await settled(memory, 3)

    assert librarian.asked == [QUESTION, QUESTION]
    assert waha.sent[2]["body"] == f"{HOURS} (Horaires)"
    answered = await memory.inbox.message(2)
    assert answered
    assert answered.state is MessageState.ANSWERED


async def sent(waha: WahaCounterpart, at_least: int) -> bool:
    return len(waha.sent) >= at_least


async def test_what_waits_while_the_human_gives_back_is_answered(
    house: House, http: httpx.AsyncClient, waha: WahaCounterpart
) -> None:
    memory = house.memory
    await writes_on_whatsapp(http, QUESTION, by=PARENT)
    [conversation_id] = await memory.inbox.waiting_conversations()
    await memory.handoffs.request(
        conversation_id, key="h", reason="?", urgent=False, card=None
    )
    await memory.handoffs.claim(1, staff="Awa")
    await memory.handoffs.give_back(1)

    async with working(house):
        answered = await settled(memory, 1)

    assert answered.state is MessageState.ANSWERED
    assert len(waha.sent) == 1


@contextmanager
def taken_away(folder: Path) -> Generator[None]:
    """The database is somewhere else, and a folder stands in its place."""
    away = folder / "away"
    away.mkdir()
    for file in list(folder.glob("gust.db*")):
        file.rename(away / file.name)
    (folder / "gust.db").mkdir()
    yield
    (folder / "gust.db").rmdir()
    for file in list(away.iterdir()):
        file.rename(folder / file.name)


async def test_nothing_accepted_is_lost_when_the_database_is_away(
    house: House, http: httpx.AsyncClient, waha: WahaCounterpart, tmp_path: Path
) -> None:
    async with working(house):
        await house.memory.database.close()
        with taken_away(tmp_path):
            refused = await writes_on_whatsapp(http, QUESTION, by=PARENT, key="ONE")
            assert refused.status_code == 503
            assert int(refused.headers["retry-after"]) > 0
            assert (await http.get("/ready")).status_code == 503
            assert (await http.get("/health")).status_code == 200

        assert (await http.get("/ready")).status_code == 200
        accepted = await writes_on_whatsapp(http, QUESTION, by=PARENT, key="ONE")
        assert accepted.json() == {"kept": 1}
        await settled(house.memory, 1)

    assert len(waha.sent) == 1
