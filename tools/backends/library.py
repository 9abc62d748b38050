"""The documents of a source, kept on a shelf and searched in an index of this process.

A search looks into the index only: it never waits for the source, nor for a new index,
which takes the place of the old one when it is ready.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic

import structlog

from memory import MemoryFault
from memory.documents import KeptDocument

from ..errors import BackendUnavailable
from .document_index import DocumentIndex
from .document_names import title_of
from .document_source import DocumentSource, Progress, Shelf, Tell
from .documents import Passage
from .encoder import Encoder
from .passages import Document, read_document

LONGEST_LOOK_S = 900.0  # after that another process may look, too
MEANING_WAIT_S = 30.0  # for the vectors of what is new; then words alone serve
_log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How often a library looks at its source and at its shelf, in seconds."""

    look_s: float
    refresh_s: float


@dataclass(frozen=True, kw_only=True)
class Indexing:
    """What an index is made with."""

    now: Callable[[], datetime]
    encoder: Encoder | None = None
    cache: Path | None = None  # of vectors

    def index(self, kept: Sequence[KeptDocument]) -> DocumentIndex:
        """The index of some documents; their vectors are made in the background."""
        return DocumentIndex(
            [_document(each) for each in kept if each.text],
            problems=[f"{each.name}: {each.problem}" for each in kept if each.problem],
            encoder=self.encoder,
            cache=self.cache,
            now=self.now,
        )


@dataclass(frozen=True, kw_only=True)
class Synced:
    """What one look at the source has brought."""

    changed: int
    gone: int


def _tell_nobody(_progress: Progress) -> None: ...


class Library:
    """One organisation's documents; see `documents.Documents` for the search."""

    def __init__(
        self, source: DocumentSource, shelf: Shelf, *, indexing: Indexing, pace: Pace
    ) -> None:
        self.shelf = shelf
        self._source = source
        self._indexing = indexing
        self._pace = pace
        self._index = indexing.index(())
        self._generation: int = 0
        self._next_look = 0.0
        self._one_refresh = asyncio.Lock()

    @property
    def index(self) -> DocumentIndex:
        """The index that answers at this moment."""
        return self._index

    async def sync(self, tell: Tell = _tell_nobody) -> Synced:
        """Look at the source now, keep what is new, and search in it from now on.

        Raises:
            BackendUnavailable: the source cannot be looked at; what is kept still
                serves, and the reason is kept with it.
        """
        state = await self.shelf.state()
        try:
            changes = await self._source.changes(state.cursor, self._known, tell)
        except BackendUnavailable as problem:
            await self.shelf.failed(str(problem))
            raise
        await self.shelf.keep(changes, since=state)
        await self.refresh()
        return Synced(changed=len(changes.changed), gone=len(changes.gone))

    async def refresh(self) -> None:
        """Make a new index when the shelf has changed, by whichever process."""
        async with self._one_refresh:
            state = await self.shelf.state()
            if state.generation == self._generation:
                return
            kept = await self.shelf.documents()
            new, old = await asyncio.to_thread(self._indexing.index, kept), self._index
            if old.goes_by_meaning:
                await new.warm(at_most_s=MEANING_WAIT_S)
            self._index, self._generation = new, state.generation
            await old.close()

    async def watch(self) -> None:
        """Follow the source and the shelf until cancelled; nothing ends it."""
        while True:
            try:
                await self._look()
            except (BackendUnavailable, MemoryFault) as problem:
                _log.warning("documents_not_followed", why=str(problem))
            except Exception as error:  # noqa: BLE001  (the end of a worker's loop)
                _log.exception("documents_not_followed", error=type(error).__name__)
            await asyncio.sleep(self._pace.refresh_s)

    async def _look(self) -> None:
        if monotonic() >= self._next_look:
            self._next_look = monotonic() + self._pace.look_s
            if await self.shelf.claim(for_s=LONGEST_LOOK_S):
                try:
                    await self.sync()
                finally:
                    await self.shelf.release(after_s=self._pace.look_s / 2)
        await self.refresh()

    async def _known(self) -> Mapping[str, KeptDocument]:
        return {each.id: each for each in await self.shelf.documents()}

    async def warm(self, *, at_most_s: float | None = None) -> None:
        """Return when the search also goes by meaning, or after so many seconds."""
        await self._index.warm(at_most_s=at_most_s)

    async def close(self) -> None:
        """Stop the work in the background."""
        await self._index.close()

    def odds(self, query: str) -> float | None:
        """See `DocumentIndex.odds`."""
        return self._index.odds(query)

    async def titles(self) -> Sequence[str]:
        return await self._index.titles()

    def problems(self) -> Sequence[str]:
        return self._index.problems()

    async def search(self, query: str, *, at_most: int = 5) -> Sequence[Passage]:
        return await self._index.search(query, at_most=at_most)


def _document(kept: KeptDocument) -> Document:
    return read_document(
        kept.text,
        source=kept.name,
        name=title_of(kept.name),
        link=kept.link,
        changed_on=kept.changed_at.date() if kept.changed_at else None,
    )
