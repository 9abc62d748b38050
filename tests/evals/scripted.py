"""A house that answers from a script, for the tests of the runner."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import yaml

from evals.world import BuildHouse, CaseWorld, EndState, House, TurnSeen
from memory.records import ToolCall, ToolOutcome

Script = Callable[[str], TurnSeen]
CALM = EndState(verified=False, handoffs=0, pages=0, mode="bot")


def called(name: str, **arguments: Any) -> ToolCall:
    return ToolCall(name=name, arguments=arguments, outcome=ToolOutcome.OK)


def answer(*replies: str, calls: Sequence[str] = ()) -> TurnSeen:
    return TurnSeen(
        replies=replies,
        tools=tuple(called(name) for name in calls),
        provider="offline",
        model_calls=1,
        duration_ms=41,
    )


class ScriptedHouse:
    """Answers each message by the script and remembers who wrote what."""

    def __init__(self, script: Script, state: EndState = CALM) -> None:
        self._script = script
        self._state = state
        self.heard: list[tuple[str, str, str]] = []

    async def say(self, texts: Sequence[str], *, sender: str, channel: str) -> TurnSeen:
        text = "\n".join(texts)
        self.heard.append((channel, sender, text))
        return self._script(text)

    async def state(self, *, sender: str, channel: str) -> EndState:
        return self._state


def building(
    script: Script,
    state: EndState = CALM,
    *,
    worlds: list[CaseWorld] | None = None,
    houses: list[ScriptedHouse] | None = None,
) -> BuildHouse:
    @asynccontextmanager
    async def build(world: CaseWorld, /) -> AsyncGenerator[House]:
        house = ScriptedHouse(script, state)
        if worlds is not None:
            worlds.append(world)
        if houses is not None:
            houses.append(house)
        yield house

    return build


def case(**changes: Any) -> dict[str, Any]:
    """What a case file holds: a small case, changed."""
    small: dict[str, Any] = {
        "id": "greeting",
        "world": "village",
        "channel": "whatsapp",
        "from": "+221770000101",
        "turns": [{"say": "bonjour", "expect": {"says_any": ["bonjour"]}}],
    }
    return small | changes


def write_cases(folder: Path, *cases: Mapping[str, Any]) -> Path:
    """A folder with a world `village` and one file per case; the folder of cases."""
    cases_folder = folder / "cases"
    (cases_folder / "village" / "tables").mkdir(parents=True, exist_ok=True)
    for position, each in enumerate(cases):
        file = cases_folder / f"{position:02}.yaml"
        file.write_text(yaml.safe_dump(dict(each), allow_unicode=True), "utf-8")
    return cases_folder
