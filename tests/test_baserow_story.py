"""A parent asks for marks that stand in a Baserow: from the message to the reply."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import httpx
import pytest

from config.world import open_given_world
from main import CACHE, House, Replacements, open_house, utc_now, web_app
from memory.records import Incoming, ToolOutcome
from tests.counterparts.baserow import TOKEN, BaserowCounterpart, running_baserow
from tests.counterparts.baserow_tables import from_csv
from tests.counterparts.test_baserow import sample
from tests.whole_house import called, settings_in

SECRET = "the-secret-of-our-tables"
DEMO = Path("config/demo")
_numbers = count(1)


@dataclass
class Story:
    house: House
    baserow: BaserowCounterpart
    http: httpx.AsyncClient

    async def says(self, text: str) -> tuple[str, list[tuple[str, ToolOutcome]]]:
        """What is answered, and the tools that were called."""
        memory = self.house.memory
        kept = await memory.inbox.receive(
            Incoming(
                key=f"telegram:{next(_numbers)}",
                channel="telegram",
                aliases=("telegram:7",),
                address="7",
                text=text,
                sent_at=datetime(2026, 11, 23, tzinfo=UTC),
                correlation_id="c",
            )
        )
        assert kept
        await self.house.answering.drain(kept.conversation_id)
        message = await memory.inbox.message(kept.id)
        assert message
        assert message.turn_id
        replies = await memory.outbox.of_turn(message.turn_id)
        turn = await memory.turns.turn(message.turn_id)
        assert turn
        return (
            "\n".join(reply.text for reply in replies),
            [(call.name, call.outcome) for call in turn.tools],
        )


@pytest.fixture
async def story(tmp_path: Path) -> AsyncGenerator[Story]:
    tables = from_csv(DEMO / "tables", linked_owner="code_parent")
    async with AsyncExitStack() as stack:
        url, counterpart = stack.enter_context(running_baserow(tables))
        settings = settings_in(
            tmp_path,
            WORLD=str(DEMO),
            BASEROW_URL=url,
            BASEROW_TOKEN=TOKEN,
            BASEROW_WEBHOOK_SECRET=SECRET,
        )
        world = await stack.enter_async_context(
            open_given_world(settings, cache=CACHE, now=utc_now)
        )
        await world.warm()
        house = await stack.enter_async_context(
            open_house(settings, world, replaced=Replacements(channels={}))
        )
        http = await stack.enter_async_context(called(web_app(house)))
        yield Story(house, counterpart, http)


async def test_a_mark_that_is_corrected_in_baserow_is_the_next_answer(
    story: Story,
) -> None:
    code = story.house.desk.profiles["parent"].identity
    assert code
    await story.says("bonjour, mon code est KA-4417")

    first, calls = await story.says("les notes d'Agnès au trimestre 1 ?")
    assert calls == [("consult_notes", ToolOutcome.OK)]
    assert "14,5" in first
    notes = story.baserow.table("notes")
    mark = notes.column("note")["id"]
    changed = next(row for row in notes.rows if row.cells[mark] == "14.50")
    changed.cells[mark] = "17.25"
    event = {**sample("webhooks")["rows.updated"]["body"], "table_id": notes.id}
    told = await story.http.post(
        "/api/v1/baserow", json=event, headers={"X-Gust-Secret": SECRET}
    )
    assert told.status_code == 200

    second, _calls = await story.says("les notes d'Agnès au trimestre 1 ?")
    assert "17,25" in second
    assert "14,5" not in second


async def test_a_column_that_is_gone_is_said_plainly_and_the_rest_serves(
    story: Story,
) -> None:
    await story.says("bonjour, mon code est KA-4417")
    notes = story.baserow.table("notes")
    notes.column("note")["name"] = "resultat"
    assert story.house.world.table_events
    story.house.world.table_events.changed(notes.id, rows_only=False)

    reply, calls = await story.says("les notes d'Agnès au trimestre 1 ?")
    assert calls == [("consult_notes", ToolOutcome.UNAVAILABLE)]
    assert "14,5" not in reply
    _reply, calls = await story.says("et ses absences ?")
    assert calls == [("consult_absences", ToolOutcome.OK)]
