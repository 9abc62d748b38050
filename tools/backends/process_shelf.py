"""A shelf of one process: for a source that is read anew at each start."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from memory.documents import Changes, KeptDocument, ShelfState


class ProcessShelf:
    """Documents in memory."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._state = ShelfState()
        self._documents: dict[str, KeptDocument] = {}

    async def state(self) -> ShelfState:
        return self._state

    async def documents(self) -> Sequence[KeptDocument]:
        return sorted(self._documents.values(), key=lambda each: (each.name, each.id))

    async def keep(self, changes: Changes, *, since: ShelfState) -> bool:
        if since.revision != self._state.revision:
            return False
        for gone in changes.gone:
            self._documents.pop(gone, None)
        self._documents.update((each.id, each) for each in changes.changed)
        self._state = ShelfState(
            revision=since.revision + 1,
            generation=since.generation + (not changes.is_empty),
            cursor=changes.cursor,
            synced_at=self._now(),
        )
        return True

    async def failed(self, problem: str) -> None:
        self._state = replace(self._state, problem=problem)

    async def claim(self, *, for_s: float) -> bool:
        del for_s
        return True  # there is nobody else

    async def release(self, *, after_s: float) -> None: ...
