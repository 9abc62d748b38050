import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

import pytest
import structlog
from prometheus_client import generate_latest

from agent.answering import TurnEnd
from config.telemetry import kept_gauges, new_metrics, set_up_logs
from memory import Unkept
from memory.records import ModelCall, Service

PRIVATE = "Awa, QX-8812"
FIELDS = (
    *("text", "body", "said", "replies", "arguments"),
    *("name", "phone", "address", "alias", "aliases", "sender"),
    *("code", "password", "token", "secret"),
)


@pytest.fixture(autouse=True)
def _quiet_again() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def logged(capsys: pytest.CaptureFixture[str]) -> str:
    printed = capsys.readouterr()
    assert printed.out == ""  # for what a command answers
    return printed.err


@pytest.mark.parametrize("log_format", ["json", "pretty"])
def test_private_fields_are_masked(
    log_format: Literal["json", "pretty"], capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs(log_format=log_format, level="info")

    structlog.get_logger().info("done", **dict.fromkeys(FIELDS, PRIVATE), turn=7)

    line = logged(capsys)
    assert PRIVATE not in line
    assert "7" in line
    assert [field for field in FIELDS if field not in line] == []


def fail() -> None:
    heard = PRIVATE
    raise LookupError(f"a fault of {len(heard)} letters")


@pytest.mark.parametrize("log_format", ["json", "pretty"])
def test_a_traceback_shows_frames_and_no_local_variables(
    log_format: Literal["json", "pretty"], capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs(log_format=log_format, level="info")

    try:
        fail()
    except LookupError:
        structlog.get_logger().exception("broken")

    line = logged(capsys)
    assert PRIVATE not in line
    assert "fail" in line
    assert "LookupError" in line


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(log_format="json", level="info")
    log = structlog.get_logger()

    log.info("première ligne", conversation=1)
    log.warning("seconde\nligne")

    first, second = [json.loads(line) for line in logged(capsys).splitlines()]
    assert first["event"] == "première ligne"
    assert (first["level"], second["level"]) == ("info", "warning")
    assert first["timestamp"].endswith("Z")


def test_away_from_a_terminal_logs_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(log_format="auto", level="info")

    structlog.get_logger().info("done")

    assert json.loads(logged(capsys))["event"] == "done"


def test_what_is_below_the_level_is_not_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logs(log_format="json", level="warning")

    structlog.get_logger().info("too much")

    assert logged(capsys) == ""


def test_every_series_of_the_contract_is_there() -> None:
    metrics = new_metrics()
    end = TurnEnd(
        channel="whatsapp",
        service=Service.CATECHESE,
        outcome="answered",
        messages=3,
    )
    metrics.count_turn(end)
    metrics.count_delivery(None, 1.5)

    text = generate_latest(metrics.registry).decode()

    labels = 'channel="whatsapp",outcome="answered",service="CATECHESE"'
    assert f"messages_processed_total{{{labels}}} 3.0" in text
    assert "response_duration_seconds_sum 1.5" in text
    assert 'response_duration_seconds_bucket{le="2.0"} 1.0' in text
    assert "\nturns_in_progress 0.0" in text
    assert "\nqueue_oldest_seconds 0.0" in text
    assert "# TYPE provider_requests_total counter" in text
    assert "\nhandoffs_open 0.0" in text


def test_each_request_to_a_provider_is_counted_with_its_outcome() -> None:
    metrics = new_metrics()
    for outcome in ("ok", "down", "ok"):
        metrics.count_call(
            ModelCall(
                at=datetime(2026, 11, 23, tzinfo=UTC),
                provider="p",
                model="m",
                account="1",
                outcome=outcome,
                duration_ms=5,
            )
        )

    text = generate_latest(metrics.registry).decode()

    assert 'provider_requests_total{outcome="down",provider="p"} 1.0' in text
    assert 'provider_requests_total{outcome="ok",provider="p"} 2.0' in text


class Asked:
    """A database that is away the first time."""

    def __init__(self, *, redis_is_up: bool | None = None) -> None:
        self.redis_is_up = redis_is_up
        self.times = 0
        self.was_enough = asyncio.Event()

    async def oldest(self) -> float:
        self.times += 1
        if self.times == 1:
            raise Unkept("away")
        return 12.0

    async def redis(self) -> bool | None:
        return self.redis_is_up

    async def open(self) -> int:
        if self.times == 3:
            self.was_enough.set()
        return 2


async def test_the_gauges_survive_a_database_that_is_away() -> None:
    metrics, asked = new_metrics(), Asked()

    async with kept_gauges(
        metrics,
        oldest_waiting_s=asked.oldest,
        handoffs_open=asked.open,
        redis_up=asked.redis,
        every_s=0,
    ):
        await asked.was_enough.wait()

    text = generate_latest(metrics.registry).decode()
    assert "queue_oldest_seconds 12.0" in text
    assert "handoffs_open 2.0" in text


@pytest.mark.parametrize(("is_up", "shown"), [(True, 1), (False, 0), (None, "NaN")])
async def test_redis_is_up_or_away_or_none_is_configured(
    is_up: bool | None, shown: object
) -> None:
    metrics, asked = new_metrics(), Asked(redis_is_up=is_up)

    async with kept_gauges(
        metrics,
        oldest_waiting_s=asked.oldest,
        handoffs_open=asked.open,
        redis_up=asked.redis,
        every_s=0,
    ):
        await asked.was_enough.wait()

    assert f"\nredis_up {shown}" in generate_latest(metrics.registry).decode()
