"""The invented organisations that the encoder learns from."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tools.backends.document_index import MAX_READ
from tools.backends.passages import Piece, cut, read_document

FOLDER = Path(__file__).with_name("worlds")


@dataclass(frozen=True, kw_only=True)
class Question:
    """What somebody asks: for a passage, for their own records, or in vain."""

    text: str
    passages: frozenset[int]  # that answer, by number
    action: str | None


@dataclass(frozen=True, kw_only=True)
class World:
    """An organisation: its passages, its actions, what it is asked."""

    name: str
    pieces: Sequence[Piece]
    actions: Mapping[str, Mapping[str, str]]  # name: title and description
    questions: Sequence[Question]

    def read(self, number: int) -> str:
        """A passage as the encoder is given it."""
        return self.pieces[number].context[:MAX_READ]


def load(file: Path) -> World:
    """A world from its file.

    Raises:
        ValueError: an excerpt is in no passage.
    """
    given = yaml.safe_load(file.read_text(encoding="utf-8"))
    documents = [
        read_document(text, source=name, name=name)
        for name, text in given["documents"].items()
    ]
    pieces = [piece for document in documents for piece in cut(document)]
    return World(
        name=file.stem,
        pieces=pieces,
        actions={action["name"]: action for action in given["actions"]},
        questions=[_question(one, pieces) for one in given["questions"]],
    )


def _question(given: Mapping[str, Any], pieces: Sequence[Piece]) -> Question:
    excerpts = [e for e in (given.get("a"), *given.get("also", ())) if e]
    passages = [n for excerpt in excerpts for n in _holding(excerpt, pieces)]
    return Question(
        text=given["q"], passages=frozenset(passages), action=given.get("action")
    )


def _holding(excerpt: str, pieces: Sequence[Piece]) -> Sequence[int]:
    told = _letters(excerpt)
    found = [
        number
        for number, piece in enumerate(pieces)
        if told in _letters(piece.body)
        or told in _letters(f"{piece.heading or ''}{piece.text}")
    ]
    if not found:
        raise ValueError(f"no passage holds « {excerpt} »")
    return found


def _letters(text: str) -> str:
    """Letters and digits only: what a table row and its passage have in common."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in plain if letter.isalnum())
