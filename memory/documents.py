"""Documents of the organisation as they were last read: the records."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class KeptDocument:
    """One document of a source, as it was last read."""

    id: str  # the source's own
    name: str  # as people see it: the file's name; in a folder with its path
    fingerprint: str  # of its content; empty: to be read again, whatever it is
    text: str = field(default="", repr=False)  # headings, lists, tables in Markdown
    problem: str | None = None  # why it cannot be read (now), for the maintainer
    link: str | None = None  # where a person opens it
    changed_at: datetime | None = None  # its last change, as the source tells it


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What is new in a source since a cursor."""

    changed: Sequence[KeptDocument] = ()
    gone: Collection[str] = ()  # ids
    cursor: str = ""  # where the next look begins; only its source understands it

    @property
    def is_empty(self) -> bool:
        """Whether all documents are as they were."""
        return not self.changed and not self.gone


@dataclass(frozen=True, kw_only=True)
class ShelfState:
    """How far a shelf has followed its source."""

    revision: int = 0  # one more with each look at the source
    generation: int = 0  # one more with each look that changed a document
    cursor: str | None = None  # None: its source was never read
    synced_at: datetime | None = None  # the last look that succeeded
    problem: str | None = None  # why a later look failed
