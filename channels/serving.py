"""`main.py serve | work`: this process, until it is told to stop."""

from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

import structlog
import typer
from fastapi import FastAPI

from .ports import port_from
from .stopping import until_told_to_stop
from .web.server import make_sure_port_is_free, serve_app
from .world_numbers import DEFAULT_PROFILES, OpenedWorld, numbers_of

_log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class ServingHouse:
    """A house that may be at work, and what its maintainer is told at the start."""

    app: FastAPI
    channels: Sequence[str]  # those that are on
    world: OpenedWorld
    database: str  # which one, without its password


class OpenToServe(Protocol):
    """How main opens the house of this installation."""

    def __call__(self, *, workers: bool) -> AbstractAsyncContextManager[ServingHouse]:
        """The house; at work within when there are `workers`."""
        ...


def add_serving_commands(
    app: typer.Typer,
    open_house: OpenToServe,
    run: Callable[[Coroutine[Any, Any, int]], None],
) -> None:
    """Add `serve` and `work` to the command line."""

    @app.command()
    def serve(
        workers: Annotated[
            bool, typer.Option(help="Also take turns and deliver.")
        ] = True,
        host: Annotated[str, typer.Option()] = "127.0.0.1",
        port: Annotated[int, typer.Option(callback=port_from(0))] = 8000,
    ) -> None:
        """The web process. Example: main.py serve --no-workers --port 8080."""
        run(_serve(open_house, workers=workers, host=host, port=port))

    @app.command()
    def work() -> None:
        """A worker process beside `serve --no-workers`. Example: main.py work."""
        run(_work(open_house))

    del serve, work


async def _serve(
    open_house: OpenToServe, *, workers: bool, host: str, port: int
) -> int:
    make_sure_port_is_free(host, port)
    async with open_house(workers=workers) as house:
        started = await _told(house)
        await serve_app(
            house.app,
            host=host,
            port=port,
            on_start=lambda url: started("serving", at=url, workers=workers),
        )
    return 0


async def _work(open_house: OpenToServe) -> int:
    async with open_house(workers=True) as house:
        (await _told(house))("working")
        await until_told_to_stop()
    return 0


async def _told(house: ServingHouse) -> Callable[..., None]:
    """The log line of a start: say what this process serves, once it does."""
    world = await numbers_of(house.world)
    if not world.has_own_profiles:
        _log.warning("default_profiles", world=str(world.folder), why=DEFAULT_PROFILES)
    return _log.bind(
        channels=house.channels,
        database=house.database,
        world=str(world.folder),
        profiles=list(world.profiles),
        tables=world.tables,
        documents=world.documents,
        unreadable=len(world.problems),
    ).info
