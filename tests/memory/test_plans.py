"""Whatever runs for a message finds its rows by an index, however much is kept."""

import json
from collections.abc import AsyncGenerator, Generator, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from memory import Memory, open_memory
from memory.records import ModelCall, ParentIdentity, VeiledValue
from memory.sql.database import Database
from memory.sql.tables import metadata
from tests.conftest import Clock, new_postgres_url, own_postgres

from .crowd import SMALL, keep_a_crowd
from .letters import answer, begin, receive, wrote

PARTIAL = {
    index.name
    for table in metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["postgresql"]["where"] is not None
}
PARENT = ParentIdentity(profile="parent", code="ZX-1", name="Awa")


class Overheard:
    """Every statement of a database, once, with the values it first had."""

    def __init__(self) -> None:
        self.statements: dict[str, Any] = {}

    def __call__(self, *heard: Any) -> None:
        statement, values = heard[2], heard[3]
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            self.statements.setdefault(statement, values)


@contextmanager
def overhearing(database: Database) -> Generator[Overheard]:
    heard = Overheard()
    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", heard)
    yield heard
    event.remove(engine, "before_cursor_execute", heard)


async def one_message(memory: Memory, clock: Clock) -> None:
    """All that memory is asked from a message's arrival to its delivery."""
    conversation = await begin(memory, wrote("KA", by=("telegram:9", "telegram:8")))
    await receive(memory, wrote("KA", by="telegram:9"))
    await memory.inbox.waiting_conversations()
    await memory.inbox.oldest_waiting_s()
    await memory.turns.count_since(conversation.id, clock.now)
    taken = await memory.inbox.take(conversation.id)
    await memory.sessions.touch(conversation.contact_id)
    await memory.inbox.contact(conversation.contact_id)
    await memory.inbox.conversation_of("telegram:9", "telegram")
    await memory.inbox.since(conversation.id, clock.now - timedelta(days=1))
    await memory.turns.recent(conversation.id, at_most=12, since=clock.now)
    await memory.veils.of(conversation.id)
    await memory.veils.keep(
        conversation.id, [VeiledValue(token="ENFANT_1", kind="child", value="Luc")]
    )
    await tools(memory, conversation.id, conversation.contact_id)
    await memory.spending.since(clock.now)
    await memory.spending.note(conversation.id, "c", [call_at(clock)])
    await memory.turns.finish(conversation, taken, answer("Oui"))
    await delivery(memory, conversation.id)
    await memory.inbox.hold(conversation)


async def tools(memory: Memory, conversation: int, contact: int) -> None:
    await memory.codes.attempt(contact, key="k", right=True)
    await memory.sessions.prove(contact, PARENT)
    await memory.handoffs.is_open(conversation)
    await memory.handoffs.count_open()
    await memory.handoffs.open()
    await memory.handoffs.request(
        conversation, key="k", reason="r", urgent=False, card=None
    )
    await memory.handoffs.count(conversation)
    await memory.pages.count(conversation)
    await memory.pages.by_token("t")


async def delivery(memory: Memory, conversation: int) -> None:
    leased = await memory.outbox.lease()
    assert leased is not None
    await memory.outbox.note_platform_id(leased.id, "p")
    await memory.outbox.postpone(leased.id, retry_after_s=0, problem="later")
    await memory.outbox.mark_sent(leased.id, "p")
    await memory.outbox.knows_platform_id("p")
    await memory.outbox.of_turn(1)
    await memory.outbox.of_conversation(conversation)
    await memory.inbox.parked()
    await memory.outbox.parked()


def call_at(clock: Clock) -> ModelCall:
    return ModelCall(
        at=clock.now,
        provider="zai",
        model="m",
        account="a",
        outcome="ok",
        duration_ms=1,
    )


class PlanContract:
    async def test_no_table_is_read_from_end_to_end_for_a_message(
        self, url: str, clock: Clock
    ) -> None:
        async with open_memory(url, now=clock) as memory:
            await keep_a_crowd(memory.database)
            with overhearing(memory.database) as heard:
                await one_message(memory, clock)

            found = {
                statement: await self.read_whole(memory.database, statement, values)
                for statement, values in heard.statements.items()
            }

        assert len(found) > 30
        assert {s: tables for s, tables in found.items() if tables} == {}

    async def read_whole(
        self, database: Database, statement: str, values: Any
    ) -> list[str]:
        raise NotImplementedError


class TestPlansOnSqlite(PlanContract):
    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"sqlite:///{tmp_path}/gust.db"

    async def read_whole(
        self, database: Database, statement: str, values: Any
    ) -> list[str]:
        async with database.read() as connection:
            rows = await connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}", values
            )
            steps = [str(row["detail"]) for row in rows.mappings()]
        return [
            step
            for step in steps
            if step.startswith("SCAN ")
            and "CONSTANT ROW" not in step
            and not SMALL & set(step.split())
            and not PARTIAL & set(step.split())
        ]


class TestPlansOnPostgres(PlanContract):
    @pytest.fixture
    async def url(self) -> AsyncGenerator[str]:
        async with own_postgres(new_postgres_url()) as url:
            yield url

    async def read_whole(
        self, database: Database, statement: str, values: Any
    ) -> list[str]:
        if "set_config" in statement or "pg_advisory" in statement:
            return []
        async with database.read() as connection:
            found = await connection.exec_driver_sql(
                f"EXPLAIN (FORMAT JSON) {statement}", values
            )
            plan = found.scalar_one()
        told = json.loads(plan) if isinstance(plan, str) else plan
        return [
            f"{node['Node Type']} on {node['Relation Name']}"
            for node in nodes(told[0]["Plan"])
            if is_whole(node)
        ]


def nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


def is_whole(node: Mapping[str, Any]) -> bool:
    """Whether a step reads all of a table, or walks along all of an index."""
    if node["Node Type"] == "Seq Scan":
        return node["Relation Name"] not in SMALL
    walks = node["Node Type"] in ("Index Scan", "Index Only Scan")
    return walks and "Index Cond" not in node and node["Index Name"] not in PARTIAL
