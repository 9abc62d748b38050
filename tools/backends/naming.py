"""Of a table or list: the rows that a question names, or else all of it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from .passages import Piece

FEW = 3  # so many rows may answer together; of more, the whole table does
TIE = 0.95


@dataclass(frozen=True)
class Own:
    """What the own words of a piece, not its heading, carry of the question."""

    all_words: Callable[[int], float]  # by number of the piece
    named: Callable[[int], float]  # the words that it must have


class Candidate(NamedTuple):
    """A piece that may answer."""

    number: int
    piece: Piece
    score: float
    shown: tuple[int, ...] = ()  # the rows it shows: one of them must carry it all


def one_per_group(candidates: Iterable[Candidate], own: Own) -> list[Candidate]:
    """The candidates, with each table and each list answering once."""
    chosen: list[Candidate] = []
    groups: dict[tuple[int, int], list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        if candidate.piece.group is None:
            chosen.append(candidate)
        else:
            key = id(candidate.piece.document), candidate.piece.group
            groups[key].append(candidate)
    for group in groups.values():
        chosen.append(_answering(group, own))
    return chosen


def _answering(group: Sequence[Candidate], own: Own) -> Candidate:
    whole = next((one for one in group if one.piece.kind == "whole"), None)
    parts = [one for one in group if one.piece.kind != "whole"]
    best = max((own.all_words(part.number) for part in parts), default=0.0)
    most = max((own.named(part.number) for part in parts), default=0.0)
    if whole and (best == 0.0 or own.named(whole.number) > most / TIE):
        # No row is named, or what is asked is spread over several.
        named = [part for part in parts if own.all_words(part.number) > 0]
        if 0 < len(named) <= FEW:
            return _joined(whole, named)
        return whole._replace(shown=tuple(part.number for part in parts))
    named = [part for part in parts if own.all_words(part.number) >= TIE * best]
    if whole and len(named) > FEW:
        return whole._replace(shown=tuple(part.number for part in named))
    answer = max(named, key=lambda one: one.score)
    return _joined(answer, named)


def _joined(answer: Candidate, parts: Sequence[Candidate]) -> Candidate:
    """The answer with the text of these parts only, in their order."""
    parts = sorted(parts, key=lambda part: part.number)
    text = "\n".join(part.piece.text for part in parts)
    shown = tuple(part.number for part in parts)
    return answer._replace(piece=replace(answer.piece, text=text), shown=shown)
