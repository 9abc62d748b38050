"""Late interaction: every piece of a question beside every piece of each passage."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .encoder import STEPS, Asked, Encoder, Packed, Vectors
from .stores import Store

BLOCK = 256  # passages compared at once: bounds the memory of a comparison


@dataclass(frozen=True, kw_only=True)
class Interaction:
    """How a question and each passage meet; arrays by number of the passage."""

    odds: Vectors  # logarithm of the odds that it answers, by the teaching
    lost: Vectors  # the part of the question that it meets least, weighted


class TokenStore(Store[Packed]):
    """The vectors of the pieces of some passages. Complete after a while."""

    def __init__(
        self, encoder: Encoder, texts: Sequence[str], *, cache: Path | None
    ) -> None:
        self._encoder = encoder
        super().__init__(texts, name=f"tokens-{encoder.name}", cache=cache, at_once=8)

    def make(self, texts: Sequence[str]) -> Sequence[Packed]:
        return self._encoder.passages(texts)

    def warm_up(self) -> None:
        self._encoder.question(self._texts[0])

    def interaction(self, question: str) -> Interaction | None:
        """The question beside each passage; nothing while incomplete."""
        if self.made is None:
            return None
        return interaction(self._encoder, question, self.made)


def interaction(
    encoder: Encoder, question: str, passages: Sequence[Packed]
) -> Interaction:
    """A question beside some passages, at least one."""
    asked = encoder.question(question)
    blocks = [passages[at : at + BLOCK] for at in range(0, len(passages), BLOCK)]
    best = np.concatenate([_best(asked, block) for block in blocks], axis=1)
    return Interaction(
        odds=encoder.odds(asked.shares @ best),
        lost=(asked.shares[:, None] * (1 - best)).max(axis=0),
    )


def nearer(one: Interaction, other: Interaction) -> Interaction:
    """Of a question in two spellings, for each passage the one that is nearer to it."""
    return Interaction(
        odds=np.maximum(one.odds, other.odds),
        lost=np.where(other.odds > one.odds, other.lost, one.lost),
    )


def _best(asked: Asked, passages: Sequence[Packed]) -> Vectors:
    """For each piece of the question (rows) its best likeness in each passage."""
    sizes = np.array([len(passage) for passage in passages])
    tokens = np.concatenate(passages).astype(np.float32)
    alike = asked.tokens @ tokens.T
    best = np.maximum.reduceat(alike, np.cumsum(sizes) - sizes, axis=1)
    return (best / STEPS).astype(np.float32)
