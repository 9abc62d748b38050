"""The command line, and the one place where everything is built.

Every lifetime is entered here, in one AsyncExitStack; no other module constructs what
another one needs. `main.py COMMAND --help` shows each command with an example.
"""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import typer
from fastapi import FastAPI
from pydantic_ai.models import Model

from agent.answering import Answering, Pace
from agent.opening import AgentParts, OpenedAgent, open_agent
from agent.provider_state import ProviderState, provider_parts
from channels import CHANNELS
from channels.channel import TIMEOUT_S, Channel, Configured
from channels.delivery import Delivery
from channels.document_commands import document_commands
from channels.maintenance import Installation, add_maintenance_commands
from channels.provider_commands import add_provider_commands
from channels.serving import ServingHouse, add_serving_commands
from channels.staff_commands import add_people_commands
from channels.state import Parts
from channels.terminal import TerminalHouse, add_terminal_commands
from channels.web.app import build_app
from channels.web.parts import DemoContact, WebParts
from channels.web.supabase_door import open_supabase
from channels.web.webhooks import webhook_routes
from channels.web_chat import WebChat
from config import Settings, given, read_environment
from config.cast import PlayedContact, read_contacts, read_sample
from config.settings import WrongSettings, require_secret, secret_problem
from config.telemetry import Metrics, gauges_of, new_metrics
from config.world import World, Worlds, map_given_tables, open_given_world
from evals.commands import eval_commands
from evals.houses import EvalHouses, OpenedHouse
from evals.world import CaseWorld
from memory import (
    Drain,
    InProcessEngine,
    Live,
    Memory,
    MemoryFault,
    TurnEngine,
    open_memory,
    read_stores,
)
from tools.context import Desk, StaffChat
from tools.errors import ToolError

CACHE = Path(__file__).parent / "var" / "cache"  # what can be made again


def utc_now() -> datetime:
    """The clock of the house."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Replacements:
    """What a test puts in the place of a part; None keeps the real one."""

    model: Model | None = None
    live: Live | None = None
    channels: Mapping[str, Channel] | None = None
    now: Callable[[], datetime] = utc_now


@dataclass(frozen=True)
class House:
    """A whole concierge, built and not yet at work."""

    settings: Settings
    world: World
    memory: Memory
    desk: Desk
    engine: TurnEngine
    answering: Answering
    delivery: Delivery
    channels: Mapping[str, Channel]
    metrics: Metrics
    agent: OpenedAgent


@asynccontextmanager
async def open_house(
    settings: Settings, world: World, *, replaced: Replacements | None = None
) -> AsyncGenerator[House]:
    """Build the house of a world. Nothing runs until `working(house)`."""
    replaced = replaced or Replacements()
    metrics = new_metrics()
    async with AsyncExitStack() as stack:
        memory = await stack.enter_async_context(_memory(settings, replaced))
        world = await stack.enter_async_context(world.kept_in(memory))
        desk = _desk(settings, world, memory, replaced.now)
        channels = replaced.channels
        if channels is None:
            http = await stack.enter_async_context(httpx.AsyncClient(timeout=TIMEOUT_S))
            opened = _open_channels(Configured(settings.environment, http))
            channels = {**opened, WebChat.name: WebChat()}
        agent = await stack.enter_async_context(
            open_agent(desk, settings, _agent_parts(world, metrics, replaced))
        )
        answering = Answering(
            agent.room,
            pace=Pace(
                debounce_s=settings.debounce_s,
                turns_per_minute=settings.rate_limit_per_minute,
            ),
            on_end=metrics.count_turn,
        )
        engine = InProcessEngine(
            memory.inbox.waiting_conversations,
            max_concurrent_turns=settings.max_concurrent_turns,
        )
        delivery = Delivery(
            memory, channels, now=replaced.now, on_sent=metrics.count_delivery
        )
        yield House(
            settings,
            world,
            memory,
            desk,
            engine,
            answering,
            delivery,
            channels,
            metrics,
            agent,
        )


def _memory(
    settings: Settings, replaced: Replacements
) -> AbstractAsyncContextManager[Memory]:
    return open_memory(
        settings.database_url,
        now=replaced.now,
        session_minutes=settings.session_minutes,
        live=replaced.live,
        stores=read_stores(settings),
    )


def _desk(
    settings: Settings, world: World, memory: Memory, now: Callable[[], datetime]
) -> Desk:
    return Desk(
        memory=memory,
        tables=world.tables,
        documents=world.documents,
        profiles=world.profiles,
        now=now,
        public_url=settings.public_url.rstrip("/"),
        admins=settings.admin_aliases,
        staff_chat=StaffChat.at(settings.staff_chat),
        secret=settings.session_secret,
        timezone=settings.zone,
    )


def _agent_parts(world: World, metrics: Metrics, replaced: Replacements) -> AgentParts:
    return AgentParts(
        encoder=world.encoder,
        documents_odds=world.documents_odds,
        code_shapes=world.code_shapes,
        on_call=metrics.count_call,
        model=replaced.model,
    )


def _open_channels(given: Configured) -> Mapping[str, Channel]:
    opened = [channel_type.open(given) for channel_type in CHANNELS]
    return {channel.name: channel for channel in opened if channel is not None}


@asynccontextmanager
async def working(house: House) -> AsyncGenerator[None]:
    """Turns are taken and replies delivered until the end of the block."""
    memory = house.memory

    async def drain(conversation_id: int) -> None:
        with house.metrics.turns_in_progress.track_inprogress():
            await house.answering.drain(conversation_id)

    with memory.database.sole_worker():
        if memory.database.is_embedded:
            await memory.outbox.release_leases()  # nobody else can hold one
        async with _running(house, drain):
            yield


@asynccontextmanager
async def _running(house: House, drain: Drain) -> AsyncGenerator[None]:
    await house.engine.start(drain)
    works = (
        house.delivery.run_forever,
        house.agent.credit_watch.run_forever,
        house.memory.attachments.sweep_forever,
        house.world.watch,
    )
    beside = [asyncio.create_task(work()) for work in works]
    try:
        yield
    finally:
        await house.engine.stop()
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)


def web_app(house: House, *, cast: Sequence[PlayedContact] = ()) -> FastAPI:
    """Every route of the house; with a `cast`, the web chat too."""
    settings = house.settings
    played = tuple(DemoContact(**person.model_dump()) for person in cast)
    return build_app(
        WebParts(
            memory=house.memory,
            wake=house.engine.wake,
            now=house.desk.now,
            public_url=settings.public_url,
            secret=settings.session_secret,
            timezone=settings.zone,
            sign_in=open_supabase(settings.supabase_url, settings.supabase_key),
            code_shapes=house.world.code_shapes,
            webhooks=webhook_routes(
                house.memory,
                house.channels,
                wake=house.engine.wake,
                max_body_bytes=settings.max_body_bytes,
                table_events=house.world.table_events,
            ),
            demo_contacts=played or None,
            checks=house.memory.checks,
            registry=house.metrics.registry,
            metrics_token=settings.metrics_token or None,
            cors_origins=settings.allowed_origins,
            # Not beside the workers: the process that is asked must know.
            lifespan=lambda _app: gauges_of(house.metrics, house.memory),
        )
    )


app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


def run(work: Coroutine[Any, Any, int]) -> None:
    """Run a command to its exit code; what the maintainer must mend is one line."""
    try:
        code = asyncio.run(work)
    except (WrongSettings, ToolError, MemoryFault, ValueError) as error:
        typer.echo(f"gust: {error}", err=True)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        code = 0
    raise typer.Exit(code)


@asynccontextmanager
async def open_for_terminal(
    world: Path | None, overrides: Mapping[str, str]
) -> AsyncGenerator[TerminalHouse]:
    """A house at work for the demo and the chat: its own database and secrets."""
    settings = given(world, overrides)
    cast = read_contacts(settings.world)
    admins = ",".join(person.alias for person in cast if person.role == "admin")
    if not settings.admins:
        settings = settings.model_copy(update={"admins": admins})
    async with built(settings) as house, working(house):
        yield TerminalHouse(
            memory=house.memory,
            wake=house.engine.wake,
            now=house.desk.now,
            sample=read_sample(settings.world).says,
            app=web_app(house, cast=cast),
            world=house.world,
        )


@asynccontextmanager
async def built(settings: Settings) -> AsyncGenerator[House]:
    """The house of the settings' world."""
    async with (
        open_given_world(settings, cache=CACHE, now=utc_now) as world,
        open_house(settings, world) as house,
    ):
        yield house


def memory_of_settings() -> AbstractAsyncContextManager[Memory]:
    """The memory of this installation, for commands that need no more."""
    return _memory(given(), Replacements())


class CaseHouses:
    """Opens a house for each play of a case."""

    def __init__(self) -> None:
        self._worlds = Worlds(cache=CACHE, now=utc_now)

    @asynccontextmanager
    async def __call__(
        self, case: CaseWorld, doors: Mapping[str, Channel], /
    ) -> AsyncGenerator[OpenedHouse]:
        """A house with an empty database, and the given doors."""
        with tempfile.TemporaryDirectory(prefix="gust-eval-") as folder:
            settings = given(case.folder, case.environment(folder), environment={})
            now = case.now or utc_now
            world = await self._worlds.at(case.folder, now=now)
            replaced = Replacements(channels=doors, now=now)
            async with open_house(settings, world, replaced=replaced) as house:
                yield OpenedHouse(
                    memory=house.memory,
                    answer=house.answering.drain,
                    deliver=house.delivery.run_until_idle,
                    now=house.desk.now,
                )


@asynccontextmanager
async def open_to_serve(*, workers: bool) -> AsyncGenerator[ServingHouse]:
    """The house of this installation; at work within when there are workers."""
    settings = given()
    require_secret(settings)
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(built(settings))
        if workers:
            await stack.enter_async_context(working(house))
        yield ServingHouse(
            app=web_app(house),
            # The web chat has its page in the demo only.
            channels=sorted(house.channels.keys() - {WebChat.name}),
            world=house.world,
            database=house.memory.database.place,
        )


@asynccontextmanager
async def providers_of_settings() -> AsyncGenerator[ProviderState]:
    """The providers of this installation, to be looked at."""
    async with built(given()) as house:
        yield ProviderState(
            house.agent, house.memory, house.desk.now, house.settings.zone
        )


@asynccontextmanager
async def parts_of_settings() -> AsyncGenerator[Parts]:
    """What this installation is made of. The database may be away."""
    settings = given()
    async with (
        open_given_world(settings, cache=CACHE, now=utc_now) as world,
        httpx.AsyncClient() as http,
    ):
        yield Parts(
            secret_problem=secret_problem(settings),
            world=world,
            memory=memory_of_settings,
            channels=_open_channels(Configured(settings.environment, http)),
            public_url=settings.public_url,
            files=read_stores(settings).files,
            providers=await provider_parts(settings),
            sign_in=open_supabase(settings.supabase_url, settings.supabase_key),
        )


app.add_typer(
    eval_commands(EvalHouses(CaseHouses()), environment=read_environment), name="evals"
)
add_people_commands(app, memory_of_settings, run)
app.add_typer(document_commands(lambda: built(given()), run), name="documents")
add_serving_commands(app, open_to_serve, run)
add_provider_commands(app, providers_of_settings, run)
add_terminal_commands(app, open_for_terminal, run)
add_maintenance_commands(
    app,
    Installation(
        database_url=lambda: given().database_url,
        memory=memory_of_settings,
        parts=parts_of_settings,
        tables=lambda only: map_given_tables(given(), only),
        run=run,
    ),
)

if __name__ == "__main__":
    app()
