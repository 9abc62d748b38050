"""Houses that a provider serves: its cassette, itself being recorded, or live."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from .addresses import variables_of_replay
from .cassette import Cassette, Exchange
from .errors import ServedByAnother
from .recorder import Replay, recording
from .same_bodies import PlayClock
from .world import BuildHouse, CaseWorld, EndState, House, TurnSeen

# Links of pages are made with it: so they are the same in each play.
_SECRET = "of-houses-that-are-recorded-and-replayed"


class LiveHouses:
    """Served by a provider as the environment names it; nothing is kept.

    A case with an outage brings providers of its own.
    """

    def __init__(
        self, build_house: BuildHouse, *, provider: str, variables: Mapping[str, str]
    ) -> None:
        self._build_house = build_house
        self._provider = provider
        self._variables = variables

    @asynccontextmanager
    async def __call__(self, world: CaseWorld, /) -> AsyncGenerator[House]:
        if not world.outage:
            world = replace(world, variables=self._variables)
        async with self._build_house(world) as house:
            yield house if world.outage else ServedHouse(house, self._provider)


class RecordingHouses:
    """Served by a provider; `tapes` has what went out in the last play of a case."""

    def __init__(
        self, build_house: BuildHouse, *, provider: str, variables: Mapping[str, str]
    ) -> None:
        self._build_house = build_house
        self._provider = provider
        self._variables = variables
        self._clock = PlayClock()
        self.tapes: dict[str, Sequence[Exchange]] = {}

    @asynccontextmanager
    async def __call__(self, world: CaseWorld, /) -> AsyncGenerator[House]:
        world = _same_each_time(world, self._variables, self._clock)
        with recording() as tape:
            async with self._build_house(world) as house:
                yield ServedHouse(house, self._provider)
        self.tapes[world.case] = tape


class ReplayingHouses:
    """Served by the cassettes of a provider, by case; nothing leaves the machine."""

    def __init__(
        self, build_house: BuildHouse, cassettes: Mapping[str, Cassette]
    ) -> None:
        self._build_house = build_house
        self._cassettes = cassettes
        self._clock = PlayClock()

    @asynccontextmanager
    async def __call__(self, world: CaseWorld, /) -> AsyncGenerator[House]:
        cassette = self._cassettes[world.case]
        variables = variables_of_replay(cassette.provider, cassette.model)
        world = _same_each_time(world, variables, self._clock)
        replay = Replay(cassette.exchanges)
        with replay.playing():
            async with self._build_house(world) as house:
                yield ServedHouse(
                    house,
                    cassette.provider,
                    after_turn=replay.check_asked,
                    at_end=replay.check_all_played,
                )


def _nothing() -> None:
    pass


class ServedHouse:
    """A house of which only turns count that its provider served."""

    def __init__(
        self,
        house: House,
        provider: str,
        *,
        after_turn: Callable[[], None] = _nothing,
        at_end: Callable[[], None] = _nothing,
    ) -> None:
        self._house = house
        self._provider = provider
        self._after_turn = after_turn
        self._at_end = at_end

    async def say(self, texts: Sequence[str], *, sender: str, channel: str) -> TurnSeen:
        seen = await self._house.say(texts, sender=sender, channel=channel)
        # First: it tells why somebody else had to serve.
        self._after_turn()
        if seen.model_calls and seen.provider != self._provider:
            raise ServedByAnother(
                f"{seen.provider} answered, since {self._provider} did not"
            )
        return seen

    async def state(self, *, sender: str, channel: str) -> EndState:
        self._at_end()
        return await self._house.state(sender=sender, channel=channel)


def _same_each_time(
    world: CaseWorld, variables: Mapping[str, str], clock: PlayClock
) -> CaseWorld:
    fixed = {**variables, "SESSION_SECRET": _SECRET}
    return replace(world, variables=fixed, now=clock)
