"""How far Drive was followed, and what must be known to judge the next changes."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from memory.documents import KeptDocument

from .drive_reading import FOLDER, SHORTCUT
from .drive_tree import Tree

WALK_EVERY = timedelta(hours=24)
_VERSION = 1  # of what is written: another one is read anew from the top
Entry = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class DriveCursor:
    """Where each change log goes on, and the ids that the last walk has found."""

    roots: Sequence[str]
    tokens: Mapping[str, str]  # "" for the account's own log
    folders: Sequence[str]
    shortcuts: Sequence[str]  # and what those lead to that lead nowhere
    targets: Sequence[str]  # files that shortcuts lead to
    walked_at: str = ""  # the last walk, ISO 8601
    again: Sequence[str] = ()  # to be fetched again: the last time it failed

    @classmethod
    def of(cls, tree: Tree, roots: Sequence[str], *, at: datetime) -> Self:
        """After a walk."""
        return cls(
            roots=sorted(roots),
            tokens=tree.tokens,
            folders=sorted(tree.folders),
            shortcuts=sorted(tree.shortcuts),
            targets=sorted(tree.targets),
            walked_at=at.isoformat(),
        )

    @classmethod
    def read(cls, written: str | None) -> Self | None:
        """What `write` has written; None: begin anew."""
        if not written:
            return None
        fields = json.loads(written)
        return cls(**fields) if fields.pop("version", 0) == _VERSION else None

    def write(self) -> str:
        """As a text that is kept with the documents."""
        return json.dumps({"version": _VERSION, **asdict(self)})

    def after(
        self, documents: Iterable[KeptDocument], *, left: Collection[str]
    ) -> Self:
        """The same when these were read, and those are to be fetched again."""
        failed = {each.id for each in documents if not each.fingerprint}
        return replace(self, again=sorted({*failed, *left}))

    def at(self, tokens: Mapping[str, str]) -> Self:
        """The same, further on in the logs."""
        return replace(self, tokens=tokens)

    def is_old(self, now: datetime) -> bool:
        """Whether it is time to walk again, whatever the logs say.

        What the logs do not tell, they do not document either: whether, for one,
        what is in a folder that goes into the bin has entries of its own.
        """
        return now - datetime.fromisoformat(self.walked_at) >= WALK_EVERY

    def moves_others(self, entry: Entry) -> bool:
        """Whether an entry may change what is in the folders beside its own file."""
        if entry["fileId"] in {*self.folders, *self.shortcuts}:
            return True
        file = _living(entry)
        leads = file is not None and file["mimeType"] in (FOLDER, SHORTCUT)
        return bool(leads and file and self._is_below(file))

    def inside(self, entry: Entry) -> Mapping[str, Any] | None:
        """The file of an entry when it is one of ours, and there."""
        file = _living(entry)
        is_ours = file and (self._is_below(file) or file["id"] in self.targets)
        return file if is_ours else None

    def _is_below(self, file: Mapping[str, Any]) -> bool:
        return not set(self.folders).isdisjoint(file.get("parents", ()))


def _living(entry: Entry) -> Mapping[str, Any] | None:
    file = entry.get("file")
    is_gone = entry.get("removed") or file is None or file.get("trashed")
    return None if is_gone else file
