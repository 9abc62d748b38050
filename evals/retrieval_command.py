"""`evals retrieval`: how well the search finds, on every set, in one table."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tools.backends.encoder import open_encoder
from tools.backends.folder import FolderDocuments

from .command import DONE, WRONG
from .errors import WrongUse
from .retrieval import Found, Scores, measure, scores
from .retrieval_set import SETS, RetrievalSet, load_sets

CACHE = Path(__file__).parents[1] / "var" / "cache"
_COLUMNS: Mapping[str, str] = {
    "hit_1": "hit@1",
    "hit_3": "hit@3",
    "asserted": "answered",
    "doubted": "doubted",
    "misled": "misled",
    "invented": "invented",
}
_MEANING = (
    "answered: the answer asserted · doubted: quoted with a doubt · misled: another"
    " passage asserted · invented: asserted where no document answers"
)


@dataclass(frozen=True, kw_only=True)
class AskedToMeasure:
    """The options of `evals retrieval`."""

    folder: Path = SETS
    cache: Path = CACHE  # of vectors
    only: str | None = None  # the name of one set
    by_words: bool = False  # without the encoder
    list_misses: bool = False
    json: Path | None = None


async def retrieval_command(asked: AskedToMeasure, *, out: Console) -> int:
    """Print the figures of each set; 2 when a set cannot be used."""
    try:
        sets = _chosen(load_sets(asked.folder), asked.only)
    except WrongUse as wrong:
        out.print(str(wrong), style="red", markup=False)
        return WRONG
    found: list[Found] = []
    for one in sets:
        found.extend(await _measured(one, asked))
    _print(found, out)
    if asked.list_misses:
        _print_misses(found, out)
    if asked.json:
        asked.json.write_text(_as_json(found), encoding="utf-8")
    return DONE


def _chosen(sets: Sequence[RetrievalSet], only: str | None) -> Sequence[RetrievalSet]:
    chosen = [one for one in sets if only in (None, one.name)]
    if not chosen:
        names = ", ".join(one.name for one in sets)
        raise WrongUse(f"there is no set {only}; there are: {names}")
    return chosen


async def _measured(one: RetrievalSet, asked: AskedToMeasure) -> Sequence[Found]:
    noon = datetime.combine(one.today, time(12), UTC)
    documents = await FolderDocuments.open(
        one.documents,
        encoder=None if asked.by_words else open_encoder(),
        cache=asked.cache,
        now=lambda: noon,
    )
    try:
        await documents.warm()
        return await measure(
            one, lambda query, most: documents.search(query, at_most=most)
        )
    finally:
        await documents.close()


def _print(found: Sequence[Found], out: Console) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("questions")
    for heading in ("n", *_COLUMNS.values()):
        table.add_column(heading, justify="right")
    for world in dict.fromkeys(one.world for one in found):
        some = [one for one in found if one.world == world]
        table.add_row(world, *_cells(scores(some)))
    for lang in ("fr", "sms", "en"):
        table.add_row(f"all, {lang}", *_cells(scores(found, lang=lang)))
    table.add_row("all", *_cells(scores(found)), style="bold")
    out.print(table)
    out.print(_MEANING, style="dim")


def _cells(of: Scores) -> Sequence[str]:
    shares = asdict(of)
    counted = f"{of.answerable}+{of.unanswerable}"
    return [counted, *(_percent(shares[name]) for name in _COLUMNS)]


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _print_misses(found: Sequence[Found], out: Console) -> None:
    for one in found:
        is_good = one.is_right or (not one.is_answerable and one.said != "asserted")
        if is_good:
            continue
        rank = one.rank or "–"
        first = one.passages[0].text[:90] if one.passages else ""
        line = f"{one.world} {one.labelled.id}: {one.labelled.question!r}"
        out.print(f"{line} · {one.said}, rank {rank} · {first!r}", markup=False)


def _as_json(found: Sequence[Found]) -> str:
    content = {
        "questions": [
            {
                "set": one.world,
                "id": one.labelled.id,
                "lang": one.labelled.lang,
                "rank": one.rank,
                "said": one.said,
                "right": one.is_right,
            }
            for one in found
        ],
        "summary": asdict(scores(found)),
    }
    return json.dumps(content, ensure_ascii=False, indent=1)
