"""Fit the weights of the document search: `python -m tests.evals.fit_ranking`.

Reads the labelled questions of `evals/retrieval`, writes `tools/backends/weights.json`
and prints how well it does on each world when fitted on the others only. Run it when
a feature or a set changes.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from evals.folding import fold
from evals.retrieval_set import SETS, Labelled, RetrievalSet, load_sets
from tools.backends.certainty import SIGNS
from tools.backends.encoder import Vectors, open_encoder
from tools.backends.features import FEATURES
from tools.backends.folder import FolderDocuments
from tools.backends.naming import Candidate
from tools.backends.ranking import Comparison
from tools.backends.weights import FILE, Weights

from .fitting import Seen, fitted

CACHE = Path("var/cache")
YEAR = 4.0  # chosen: too few questions of the sets name a year
LEVELS = (0.12, 0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8)
ROUNDS = 1  # which row of a table is compared depends on the weights themselves


@dataclass(frozen=True)
class Asked:
    """A question and its world, open."""

    world: str
    labelled: Labelled
    documents: FolderDocuments


async def main() -> None:
    """Fit both models and write them."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SETS
    asked: list[Asked] = []
    for one in load_sets(folder):
        documents = await _open(one)
        asked.extend(Asked(one.name, q, documents) for q in one.questions)
    out = Console()
    models = {
        "meaning": _fitted(asked, by_words=False, out=out),
        "words": _fitted(asked, by_words=True, out=out),
    }
    FILE.write_text(json.dumps(models, indent=1) + "\n", encoding="utf-8")


async def _open(one: RetrievalSet) -> FolderDocuments:
    noon = datetime.combine(one.today, time(12), UTC)
    documents = await FolderDocuments.open(
        one.documents,
        encoder=open_encoder(),
        cache=CACHE,
        now=lambda: noon,
    )
    await documents.warm()
    return documents


def _fitted(
    asked: Sequence[Asked], *, by_words: bool, out: Console
) -> dict[str, dict[str, float]]:
    out.print("by words" if by_words else "by meaning")
    model = _first_model()
    for _ in range(ROUNDS):
        seen = [_seen(one, model, by_words=by_words) for one in asked]
        model = fitted(seen)
    seen = [_seen(one, model, by_words=by_words) for one in asked]
    _print_held_out(asked, seen, by_words=by_words, out=out)
    model = fitted(seen)
    signs = dict(zip(SIGNS, _plain(model.signs), strict=True))
    features = dict(zip(FEATURES, _plain(model.features), strict=True))
    return {
        "features": {**features, "year": YEAR},
        "signs": {**signs, "bias": round(model.bias, 4)},
    }


def _plain(weights: Vectors) -> list[float]:
    return [round(float(one), 4) for one in weights]


def _first_model() -> Weights:
    first = {"cover": 4, "soft": 1, "kind": 1, "relevance": 1, "meant": 1, "row": 1}
    return Weights(
        features=np.array([first.get(name, 0) for name in FEATURES], dtype=np.float32),
        signs=np.zeros(len(SIGNS), dtype=np.float32),
        bias=0.0,
    )


def _seen(one: Asked, model: Weights, *, by_words: bool) -> Seen:
    compared = one.documents.index.compared(
        one.labelled.question, model, by_words=by_words
    )
    answers = [_answers(c, one.labelled) for c in compared.candidates]
    return Seen(
        world=one.world,
        has_answer=bool(one.labelled.answer),
        features=_rows(compared).astype(np.float64),
        answers=np.array(answers, dtype=np.float64),
        signs=compared.signs().astype(np.float64),
    )


def _rows(compared: Comparison) -> Vectors:
    return compared.features[[one.number for one in compared.candidates]]


def _answers(candidate: Candidate, labelled: Labelled) -> bool:
    text = fold(f"{candidate.piece.heading or ''}\n{candidate.piece.text}")
    return bool(labelled.answer) and all(fold(one) in text for one in labelled.answer)


def _print_held_out(
    asked: Sequence[Asked], seen: Sequence[Seen], *, by_words: bool, out: Console
) -> None:
    """What a model fitted on the other worlds makes of each world."""
    held: list[tuple[float, Seen]] = []
    for world in dict.fromkeys(one.world for one in seen):
        model = fitted([one for one in seen if one.world != world])
        for one in asked:
            if one.world == world:
                new = _seen(one, model, by_words=by_words)
                held.append((model.certainty(new.signs.astype(np.float32)), new))
    able = [one for _, one in held if one.has_answer]
    first = _share([bool(one.answers[0]) for one in able])
    third = _share([bool(one.answers[:3].any()) for one in able])
    out.print(f"  on worlds held out: hit@1 {first:.3f}, hit@3 {third:.3f}")
    table = Table("certainty from", "right", "misled", "invented", "in three", box=None)
    for least in LEVELS:
        over = [(chance >= least, one) for chance, one in held]
        on = [(is_over, one) for is_over, one in over if one.has_answer]
        table.add_row(
            f"{least:.2f}",
            *(
                f"{_share(some):.2f}"
                for some in (
                    [is_over and bool(one.answers[0]) for is_over, one in on],
                    [is_over and not one.answers[0] for is_over, one in on],
                    [is_over for is_over, one in over if not one.has_answer],
                    [is_over and bool(one.answers[:3].any()) for is_over, one in on],
                )
            ),
        )
    out.print(table)


def _share(some: Sequence[bool]) -> float:
    return sum(some) / max(1, len(some))


if __name__ == "__main__":
    asyncio.run(main())
