"""Where documents come from, and where they are kept between two looks: the ports.

Sources: `folder.py`, and `drive.py` for Google Drive. Both feed one index.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from memory.documents import Changes, KeptDocument, ShelfState

Known = Callable[[], Awaitable[Mapping[str, KeptDocument]]]


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a look at a source has come."""

    done: int
    of: int
    name: str  # of the document that is read


Tell = Callable[[Progress], None]


class DocumentSource(Protocol):
    """What documents there are, and what has changed."""

    async def changes(self, cursor: str | None, known: Known, tell: Tell) -> Changes:
        """What is new since `cursor` (None: nothing was ever read).

        `known` gives the kept documents by id; what has not changed is not read
        again. A document that cannot be read comes with its problem and stops no
        other. Reading takes a while: `tell` hears of each document.

        Raises:
            BackendUnavailable: the source cannot be looked at; its text says how to
                mend it.
        """
        ...


class Shelf(Protocol):
    """Keeps documents with the cursor that they were read up to."""

    async def state(self) -> ShelfState:
        """How far the source was followed."""
        ...

    async def documents(self) -> Sequence[KeptDocument]:
        """Every document, by its name."""
        ...

    async def keep(self, changes: Changes, *, since: ShelfState) -> bool:
        """Keep changes and cursor, all or nothing; False: others did, meanwhile."""
        ...

    async def failed(self, problem: str) -> None:
        """Remember why the last look failed."""
        ...

    async def claim(self, *, for_s: float) -> bool:
        """Be the only one to look, for so many seconds; False: another one is."""
        ...

    async def release(self, *, after_s: float) -> None:
        """Let the next one look after so many seconds."""
        ...
