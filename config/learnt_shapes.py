"""What codes look like, where the system that knows them may be away at the start."""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import overload

import structlog
from pydantic import TypeAdapter, ValidationError

from tools.backends.tables import Tables
from tools.code_shapes import CodeShape, code_shapes
from tools.errors import BackendUnavailable
from tools.profile import Profile

AGAIN_S = 30.0
_RUNS = TypeAdapter(list[tuple[tuple[bool, int, int], ...]])
_log = structlog.get_logger()


class LearntShapes(Sequence[CodeShape]):
    """The shapes of the codes: those of the last start until they are known anew.

    Without any, a code could not be told from a word, and would leave the house in a
    question to a provider. The file holds shapes, no code.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._shapes = _remembered(file)

    def __len__(self) -> int:
        return len(self._shapes)

    @overload
    def __getitem__(self, index: int) -> CodeShape: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[CodeShape]: ...
    def __getitem__(self, index: int | slice) -> CodeShape | Sequence[CodeShape]:
        return self._shapes[index]

    async def learn(self, profiles: Mapping[str, Profile], tables: Tables) -> None:
        """Take the shapes from the tables.

        Raises:
            BackendUnavailable: they cannot be read now; what was known stays.
        """
        self._shapes = tuple(await code_shapes(profiles, tables))
        text = json.dumps([shape.runs for shape in self._shapes])
        await asyncio.to_thread(_keep, self._file, text)


@asynccontextmanager
async def learning(
    file: Path, profiles: Mapping[str, Profile], tables: Tables
) -> AsyncGenerator[LearntShapes]:
    """The shapes; learnt in the background while the tables cannot be read."""
    shapes = LearntShapes(file)

    async def until_learnt() -> None:
        while True:
            await asyncio.sleep(AGAIN_S)
            with suppress(BackendUnavailable):
                await shapes.learn(profiles, tables)
                return

    try:
        await shapes.learn(profiles, tables)
    except BackendUnavailable:
        _log.warning("code_shapes_of_the_last_start", shapes=len(shapes))
    else:
        yield shapes
        return
    task = asyncio.create_task(until_learnt())
    try:
        yield shapes
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _remembered(file: Path) -> tuple[CodeShape, ...]:
    try:
        runs = _RUNS.validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return ()
    return tuple(CodeShape(each) for each in runs)


def _keep(file: Path, text: str) -> None:
    with suppress(OSError):  # only the start after an outage misses it
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
