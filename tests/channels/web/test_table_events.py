"""Baserow tells that a table has changed: a hint, and only with our secret."""

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from channels.web.webhooks import webhook_routes
from memory import Memory
from tests.counterparts.test_baserow import sample

ROUTE = "/api/v1/baserow"
SECRET = "the-secret-of-our-tables"
HEADERS = {"X-Gust-Secret": SECRET}


@dataclass
class Told:
    """Keeps what it is told of tables."""

    secret: str = SECRET
    changes: list[tuple[int, bool]] = field(default_factory=list[tuple[int, bool]])

    def changed(self, table_id: int, /, *, rows_only: bool) -> None:
        self.changes.append((table_id, rows_only))


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
async def baserow(memory: Memory, told: Told) -> AsyncGenerator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(
        webhook_routes(
            memory,
            {},
            wake=lambda _: None,
            max_body_bytes=4_000,
            table_events=told,
        )
    )
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://gust") as http:
        yield http


@pytest.mark.parametrize("event", ["rows.created", "rows.updated", "rows.deleted"])
async def test_any_recorded_event_has_its_table_read_again(
    baserow: httpx.AsyncClient, told: Told, event: str
) -> None:
    recorded = sample("webhooks")[event]
    headers = {**recorded["headers"], **HEADERS}
    headers["X-Baserow-Event"] = "rows.created"  # it may name another one

    with capture_logs() as logs:
        answer = await baserow.post(ROUTE, json=recorded["body"], headers=headers)

    assert answer.status_code == 200
    assert told.changes == [(3, True)]
    assert "Léa" not in str(logs)


async def test_an_event_of_a_column_is_told_apart(
    baserow: httpx.AsyncClient, told: Told
) -> None:
    event = {"table_id": 3, "event_type": "field.updated"}

    answer = await baserow.post(ROUTE, json=event, headers=HEADERS)

    assert (answer.status_code, told.changes) == (200, [(3, False)])


@pytest.mark.parametrize(
    "headers", [{}, {"X-Gust-Secret": ""}, {"X-Gust-Secret": SECRET[:-1]}]
)
async def test_a_call_without_our_secret_changes_nothing(
    baserow: httpx.AsyncClient, told: Told, headers: dict[str, str]
) -> None:
    answer = await baserow.post(ROUTE, json={"table_id": 3}, headers=headers)

    assert (answer.status_code, told.changes) == (401, [])


async def test_a_secret_with_accents_is_only_wrong(
    baserow: httpx.AsyncClient, told: Told
) -> None:
    answer = await baserow.post(ROUTE, json={}, headers=[(b"x-gust-secret", b"\xe9")])

    assert (answer.status_code, told.changes) == (401, [])


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"{}", b'{"table_id": "three"}', b"\xff", b"null"]
)
async def test_what_names_no_table_is_not_understood(
    baserow: httpx.AsyncClient, told: Told, body: bytes
) -> None:
    answer = await baserow.post(ROUTE, content=body, headers=HEADERS)

    assert (answer.status_code, told.changes) == (422, [])


async def test_a_large_body_is_refused(baserow: httpx.AsyncClient, told: Told) -> None:
    body = json.dumps({"table_id": 3, "items": ["x" * 5_000]})

    answer = await baserow.post(ROUTE, content=body, headers=HEADERS)

    assert (answer.status_code, told.changes) == (413, [])


async def test_without_a_secret_the_door_is_closed(
    baserow: httpx.AsyncClient, told: Told
) -> None:
    told.secret = ""

    answer = await baserow.post(
        ROUTE, json={"table_id": 3}, headers={"X-Gust-Secret": ""}
    )

    assert (answer.status_code, told.changes) == (503, [])
    assert answer.headers["Retry-After"]


async def test_without_a_baserow_the_door_is_closed(memory: Memory) -> None:
    app = FastAPI()
    app.include_router(webhook_routes(memory, {}, wake=lambda _: None))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://gust") as http:
        answer = await http.post(ROUTE, json={"table_id": 3}, headers=HEADERS)

    assert answer.status_code == 503
