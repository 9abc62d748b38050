"""The index of documents: how long it takes to make and to search, by its size.

The floors are measured in the same rounds: SQLite's full-text index fed and asked with
the same words, without any of our understanding, and one encoding of the question.
"""

import random
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from memory.documents import KeptDocument
from tools.backends.document_index import DocumentIndex
from tools.backends.encoder import STEPS, Encoder, Packed, Vectors, open_encoder
from tools.backends.encoder import Asked as AskedOfEncoder
from tools.backends.library import Indexing
from tools.backends.passages import cut, read_document
from tools.folding import fold, words

from .asked import Asked
from .documents_table import Row, written

ROOT = Path(__file__).parents[2]
SIZES = (100, 1_000, 10_000)  # passages
SAMPLE = 16  # passages that are really encoded: 10,000 would take minutes
QUESTIONS = (
    "combien coûte l'inscription ?",
    "quels sont les horaires du secrétariat le mardi",
    "ma fille a 9 ans, dans quel groupe est-elle ?",
    "c koi lé piece a fournir pour le bapteme",
    "when is the office open",
)


class Sampled:
    """The real encoder for questions; passages get any vectors, as many as are usual."""

    name = "sampled"

    def __init__(self, encoder: Encoder, usual: Sequence[Packed]) -> None:
        self._encoder = encoder
        self._shapes = [each.shape for each in usual]
        self._any = np.random.default_rng(1)

    def odds(self, likeness: Vectors) -> Vectors:
        return self._encoder.odds(likeness)

    def question(self, text: str) -> AskedOfEncoder:
        return self._encoder.question(text)

    def passages(self, texts: Sequence[str]) -> Sequence[Packed]:
        shapes = self._any.choice(self._shapes, len(texts))
        return [self._vectors(shape) for shape in shapes]

    def _vectors(self, shape: Sequence[int]) -> Packed:
        made = self._any.standard_normal(shape)
        made /= np.linalg.norm(made, axis=1, keepdims=True)
        return np.rint(made * STEPS).astype(np.int8)


async def run(asked: Asked) -> int:
    """Prints the table; the exit code."""
    encoder = open_encoder()
    sampled, spent = _sampled(encoder) if encoder else (None, 0.0)
    for size in SIZES:
        kept, passages = _documents(size)
        rounds = min(asked.rounds, 3)
        rows = [await _round(kept, passages, sampled) for _ in range(rounds)]
        _say(written(len(passages), rows))
    if sampled:
        _say(f"\nIts vectors are made in the background: {spent:.0f} ms a passage,")
        _say("once; they are kept on disk by their text.")
    return 0


def _sampled(encoder: Encoder) -> tuple[Sampled, float]:
    """The encoder with what some passages became, and the milliseconds for each."""
    passages = _documents(SAMPLE)[1][:SAMPLE]
    encoder.question(QUESTIONS[0])  # what the first text is slow by
    usual: list[Packed] = []
    spent = _ms(lambda: usual.extend(encoder.passages(passages)))
    return Sampled(encoder, usual), spent / len(passages)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _documents(size: int) -> tuple[Sequence[KeptDocument], Sequence[str]]:
    """So many passages at least, of the documents of all worlds, each a bit other."""
    draw = random.Random(1)
    folders = [ROOT / "config/demo/documents", ROOT / "evals/worlds"]
    texts = [path.read_text("utf-8") for each in folders for path in each.rglob("*.md")]
    vocabulary = [word for text in texts for word in text.split()]
    kept: list[KeptDocument] = []
    passages: list[str] = []
    while len(passages) < size:
        name = f"Document {len(kept)}"
        text = f"{draw.choice(texts)}\n\n{' '.join(draw.choices(vocabulary, k=20))}"
        kept.append(KeptDocument(id=name, name=name, fingerprint="1", text=text))
        document = read_document(text, source=name, name=name)
        passages += [piece.context for piece in cut(document)]
    return kept, passages


async def _round(
    kept: Sequence[KeptDocument], passages: Sequence[str], encoder: Sampled | None
) -> Row:
    plain: dict[str, sqlite3.Connection] = {}
    floor_build = _ms(lambda: plain.update(it=_plain_index(passages)))
    made: dict[str, DocumentIndex] = {}
    build = _ms(lambda: made.update(it=_indexing(None).index(kept)))
    floor_query = _each(lambda question: _ask_plainly(plain["it"], question))
    by_words = _each(lambda question: _ask(made["it"], question))
    row = Row(
        build_ms=build,
        plain_build_ms=floor_build,
        words_ms=by_words,
        plain_query_ms=floor_query,
    )
    if encoder is None:
        return row
    index = _indexing(encoder).index(kept)
    await index.warm()
    by_meaning = _each(lambda question: _ask(index, question))
    encoding = _each(encoder.question)
    await index.close()
    return row.with_meaning(by_meaning, encoding)


def _indexing(encoder: Encoder | None) -> Indexing:
    return Indexing(now=lambda: datetime(2026, 11, 20, tzinfo=UTC), encoder=encoder)


def _ask(index: DocumentIndex, question: str) -> object:
    # Not by `search`: what its thread costs is no part of the index.
    return index._search(question, 5)  # pyright: ignore[reportPrivateUsage]


def _plain_index(passages: Sequence[str]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE piece USING fts5"
        "(body, tokenize = 'unicode61 remove_diacritics 2')"
    )
    connection.executemany("INSERT INTO piece VALUES (?)", ((p,) for p in passages))
    return connection


def _ask_plainly(connection: sqlite3.Connection, question: str) -> object:
    wanted = " OR ".join(f'"{word}"' for word in words(fold(question)))
    query = "SELECT rowid, bm25(piece) FROM piece WHERE piece MATCH ? ORDER BY 2"
    return connection.execute(f"{query} LIMIT 5", (wanted,)).fetchall()


def _each(ask: Callable[[str], object]) -> float:
    """Milliseconds for one question, of all that are asked."""

    def all_of_them() -> None:
        for question in QUESTIONS:
            ask(question)

    return _ms(all_of_them) / len(QUESTIONS)


def _ms(work: Callable[[], object]) -> float:
    """Milliseconds of CPU: others on the machine are not measured."""
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1000
