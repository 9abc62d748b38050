"""Whatever comes in or goes wrong: a clear answer, and nothing accepted is lost."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic_ai.exceptions import ModelHTTPError, UnexpectedModelBehavior

from channels.waha import Waha
from channels.web.auth import hash_password
from main import House, web_app, working
from memory import InProcessEngine
from memory.records import MessageState, ToolOutcome
from tests.agent.scripted import Script, Step, call
from tests.channels.recorded import SECRET, as_body, signed
from tests.whole_house import (
    NoDocuments,
    a_world,
    called,
    settings_in,
    settled,
    whatsapp_event,
    whole_house,
    writes_on_whatsapp,
)

PARENT = "+221770000199"
PASSWORD = "tamarinier-7"


class BrokenDocuments(NoDocuments):
    """A backend that fails in a way that nobody has thought of."""

    async def search(self, query: str, *, at_most: int = 5) -> list[Any]:
        raise ZeroDivisionError(query)


class WhatsApp(Waha):
    """WhatsApp as it comes in; what goes out is kept here."""

    def __init__(self) -> None:
        http = httpx.AsyncClient(transport=httpx.MockTransport(self._take))
        super().__init__(http, base_url="http://waha", api_key="", secret=SECRET)
        self.sent: list[str] = []

    def _take(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("sendText"):
            self.sent.append(request.content.decode())
        return httpx.Response(404 if request.method == "GET" else 201, json={})


@asynccontextmanager
async def a_house(
    folder: Path, *steps: Step, **variables: str
) -> AsyncGenerator[tuple[House, httpx.AsyncClient, WhatsApp]]:
    """A house whose model takes these steps, and that sweeps without patience."""
    door = WhatsApp()
    async with whole_house(
        settings_in(folder, **variables),
        model=Script(*steps).model,
        world=a_world(documents=BrokenDocuments()),
        channels={"whatsapp": door},
    ) as house:
        engine = InProcessEngine(
            house.memory.inbox.waiting_conversations,
            max_concurrent_turns=9,
            sweep_s=0.02,
        )
        impatient = replace(house, engine=engine)
        async with called(web_app(impatient)) as http:
            yield impatient, http, door


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{not json", signed(b"{not json"), 422),
        (b"[1]", signed(b"[1]"), 422),
        (b"\xff\xfe", signed(b"\xff\xfe"), 422),
        (whatsapp_event("Bonjour", by=PARENT), {}, 401),
        (whatsapp_event("Bonjour", by=PARENT), signed(b"{}"), 401),
        (b" " * 2000, signed(b" " * 2000), 413),
        (as_body({"event": "x.y"}), signed(as_body({"event": "x.y"})), 200),
    ],
)
async def test_a_bad_call_is_answered_and_the_next_one_is_served(
    tmp_path: Path, body: bytes, headers: dict[str, str], status: int
) -> None:
    async with a_house(tmp_path, "Bonjour !", MAX_BODY_BYTES="1024") as (
        house,
        http,
        door,
    ):
        refused = await http.post("/api/v1/webhook", content=body, headers=headers)

        assert refused.status_code == status
        assert await house.memory.inbox.waiting_conversations() == []
        await writes_on_whatsapp(http, "Bonjour", by=PARENT)
        async with working(house):
            await settled(house.memory, 1)
        assert len(door.sent) == 1


async def test_a_tool_that_raises_costs_nobody_their_answer(tmp_path: Path) -> None:
    searching = call("search_documents", query="horaires")
    async with a_house(tmp_path, searching, "Je ne sais pas.") as (house, http, door):
        await writes_on_whatsapp(http, "les horaires ?", by=PARENT)
        async with working(house):
            message = await settled(house.memory, 1)

        assert message.state is MessageState.ANSWERED
        turn = await house.memory.turns.turn(message.turn_id or 0)
        assert turn
        assert [tool.outcome for tool in turn.tools] == [ToolOutcome.UNAVAILABLE]
        assert "Je ne sais pas." in door.sent[0]


async def parked_at_staff(house: House, http: httpx.AsyncClient) -> list[str]:
    await house.memory.staff.add("Paul", hash_password(PASSWORD))
    form = {"name": "Paul", "password": PASSWORD}
    await http.post("/staff/sign-in", data=form)
    accept = {"accept": "application/json"}
    shown = (await http.get("/staff/handoffs", headers=accept)).json()
    return [parked["text"] for parked in shown["parked_messages"]]


NONSENSE: dict[str, Step] = {
    "nothing": "",
    "white space": " \n\t ",
    "no answer": UnexpectedModelBehavior("?"),
    "an error": ModelHTTPError(500, "scripted"),
    "a fault of a library": RuntimeError("?"),
    "wrong arguments for ever": call("search_documents", shoe=43),
    "wrong types for ever": call("hand_off_to_human", reason=["a"], urgent="perhaps"),
    "an unknown tool for ever": call("no_such_tool"),
    "a tool for ever": call("hand_off_to_human", reason="again", urgent=False),
}


@pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE.keys())
async def test_a_model_that_returns_nonsense_gets_the_message_parked_and_shown(
    tmp_path: Path, nonsense: Step
) -> None:
    async with a_house(tmp_path, nonsense) as (house, http, door):
        await writes_on_whatsapp(http, "Il y a quelqu'un ?", by=PARENT)
        async with working(house):
            message = await settled(house.memory, 1)

        assert message.state is MessageState.PARKED
        [apology] = door.sent
        assert "désolé" in apology
        assert "une personne de l'équipe" in apology
        assert await parked_at_staff(house, http) == ["Il y a quelqu'un ?"]
        assert await house.memory.handoffs.count_open() <= 1


async def test_a_model_that_is_too_slow_is_not_waited_for(tmp_path: Path) -> None:
    async def for_ever() -> str:
        await asyncio.sleep(60)
        return "trop tard"

    async with a_house(tmp_path, for_ever, TURN_TIMEOUT_S="0.1") as (house, http, door):
        await writes_on_whatsapp(http, "Allô ?", by=PARENT)
        async with working(house):
            message = await settled(house.memory, 1)

        assert message.state is MessageState.PARKED
        assert "pas pu répondre à temps" in door.sent[0]
        assert await parked_at_staff(house, http) == ["Allô ?"]


async def test_one_bad_conversation_does_not_hold_up_the_others(
    tmp_path: Path,
) -> None:
    steps = (RuntimeError("1"), RuntimeError("2"), RuntimeError("3"), "Bonjour !")
    async with a_house(tmp_path, *steps) as (house, http, door):
        async with working(house):
            await writes_on_whatsapp(http, "?", by=PARENT)
            await settled(house.memory, 1)
            await writes_on_whatsapp(http, "Bonjour", by="+221770000200")
            answered = await settled(house.memory, 2)

        assert answered.state is MessageState.ANSWERED
        assert "Bonjour !" in door.sent[-1]
