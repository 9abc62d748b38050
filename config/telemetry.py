"""Logs and metrics: set up once, by main. Nothing personal may pass here."""

import asyncio
import logging
import math
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Literal, Protocol

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from memory import Memory, MemoryFault
from memory.records import ModelCall, Service

# What people wrote or are called must not be logged, even by mistake.
_PRIVATE = frozenset(
    {"text", "body", "code", "name", "phone", "address", "alias", "aliases"}
    | {"sender", "arguments", "password", "token", "secret", "said", "replies"}
)


def set_up_logs(*, log_format: Literal["auto", "json", "pretty"], level: str) -> None:
    """Structured logs on stderr: pretty for a person, JSON for a machine."""
    pretty = log_format == "pretty" or (log_format == "auto" and sys.stderr.isatty())
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            # As below: structlog's own choice, with rich, prints the local variables.
            exception_formatter=structlog.dev.plain_traceback,
        )
        if pretty
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            mask_private,
            structlog.processors.ExceptionRenderer(
                # Frames only: local variables hold what people wrote.
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
            )
            if not pretty
            else structlog.processors.StackInfoRenderer(),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            getattr(logging, level.upper())
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    # The HTTP clients log whole URLs, and Telegram's hold the bot's token.
    for library in ("httpx", "httpcore", "httpx2"):
        logging.getLogger(library).setLevel(logging.WARNING)


def mask_private(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """The event without the values of fields that may be personal or secret."""
    return {
        key: "•••" if key in _PRIVATE and value else value
        for key, value in event.items()
    }


class FinishedTurn(Protocol):
    """What the metrics want to know of a turn. No label holds a free text."""

    @property
    def channel(self) -> str: ...
    @property
    def service(self) -> Service: ...
    @property
    def outcome(self) -> str: ...
    @property
    def messages(self) -> int: ...


@dataclass(frozen=True)
class Metrics:
    """The series of the contract, in a registry of their own."""

    registry: CollectorRegistry
    messages_processed: Counter
    response_duration: Histogram
    turns_in_progress: Gauge
    queue_oldest: Gauge
    provider_requests: Counter
    handoffs_open: Gauge
    redis_up: Gauge

    def count_delivery(self, _sent: object, took_s: float) -> None:
        """Count one delivered reply, with the seconds since it was asked for."""
        self.response_duration.observe(took_s)

    def count_turn(self, end: FinishedTurn) -> None:
        """Count what became of the messages of one turn."""
        labels = (end.channel, end.service.value, end.outcome)
        self.messages_processed.labels(*labels).inc(end.messages)

    def count_call(self, call: ModelCall) -> None:
        """Count one request to a provider: `ok`, or the kind of fault."""
        self.provider_requests.labels(call.provider, call.outcome).inc()


def new_metrics() -> Metrics:
    """Fresh series: one house, one registry."""
    registry = CollectorRegistry()
    return Metrics(
        registry=registry,
        messages_processed=Counter(
            "messages_processed",
            "Messages that were answered, held, parked or dropped",
            ("channel", "service", "outcome"),
            registry=registry,
        ),
        response_duration=Histogram(
            "response_duration_seconds",
            "From accepted to delivered",
            buckets=(0.5, 1, 2, 3, 5, 8, 13, 20, 30, 60, 300),
            registry=registry,
        ),
        turns_in_progress=Gauge(
            "turns_in_progress", "Turns that run now", registry=registry
        ),
        queue_oldest=Gauge(
            "queue_oldest_seconds",
            "Age of the oldest waiting message",
            registry=registry,
        ),
        provider_requests=Counter(
            "provider_requests",
            "Requests to providers",
            ("provider", "outcome"),
            registry=registry,
        ),
        handoffs_open=Gauge(
            "handoffs_open", "Handoffs that wait or are claimed", registry=registry
        ),
        redis_up=Gauge(
            "redis_up",
            "1: Redis answers; 0: it is away, all goes on; NaN: none is configured",
            registry=registry,
        ),
    )


@asynccontextmanager
async def kept_gauges(
    metrics: Metrics,
    *,
    oldest_waiting_s: Callable[[], Awaitable[float]],
    handoffs_open: Callable[[], Awaitable[int]],
    redis_up: Callable[[], Awaitable[bool | None]],
    every_s: float = 5.0,
) -> AsyncGenerator[None]:
    """Within, the gauges are kept true; while the database is away they stay."""

    async def keep() -> None:
        while True:
            is_up = await redis_up()
            metrics.redis_up.set(math.nan if is_up is None else is_up)
            with suppress(MemoryFault):
                metrics.queue_oldest.set(await oldest_waiting_s())
                metrics.handoffs_open.set(await handoffs_open())
            await asyncio.sleep(every_s)

    keeping = asyncio.create_task(keep())
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


def gauges_of(metrics: Metrics, memory: Memory) -> AbstractAsyncContextManager[None]:
    """Within, the gauges tell what this memory holds."""
    return kept_gauges(
        metrics,
        oldest_waiting_s=memory.inbox.oldest_waiting_s,
        handoffs_open=memory.handoffs.count_open,
        redis_up=memory.redis_answers,
    )
