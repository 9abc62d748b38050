"""Labelled questions about a folder of documents: `evals/retrieval/*.yaml`."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .errors import BrokenCases

SETS = Path(__file__).with_name("retrieval")
Language = Literal["fr", "sms", "en"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Labelled(_Strict):
    """A question and what the passage that answers it holds; nothing: no answer."""

    id: str
    question: Annotated[str, Field(min_length=1)]
    lang: Language
    answer: tuple[Annotated[str, Field(min_length=1)], ...]
    document: str | None = None  # its file: for the reader of the set


class RetrievalSet(_Strict):
    """The questions of one world, asked on one day."""

    name: str
    documents: Path  # the folder
    today: date
    questions: Annotated[tuple[Labelled, ...], Field(min_length=1)]


def load_sets(folder: Path = SETS) -> Sequence[RetrievalSet]:
    """All sets of a folder, by name.

    Raises:
        BrokenCases: a file is no set, or its folder of documents is not there.
    """
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise BrokenCases([f"{folder}: no set of questions (*.yaml) in it"])
    sets: list[RetrievalSet] = []
    problems: list[str] = []
    for file in files:
        try:
            sets.append(_read(file))
        except (ValueError, TypeError, yaml.YAMLError) as error:
            problems.append(f"{file.name}: {_said(error)}")
    if problems:
        raise BrokenCases(problems)
    return sets


def _read(file: Path) -> RetrievalSet:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    read = RetrievalSet.model_validate({**content, "name": file.stem})
    documents = (file.parent / read.documents).resolve()
    if not documents.is_dir():
        raise ValueError(f"documents: there is no folder {read.documents}")
    return read.model_copy(update={"documents": documents})


def _said(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
