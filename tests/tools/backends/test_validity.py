"""Of which year a passage is, and what the tool says of one that is over."""

from datetime import UTC, date, datetime

import pytest

from memory.documents import KeptDocument
from tools.backends.documents import Passage
from tools.backends.library import Indexing
from tools.backends.validity import is_over


async def found(text: str, question: str, *, name: str = "Tarifs") -> Passage:
    """The best passage of one document, asked in November 2026."""
    kept = KeptDocument(
        id="1",
        name=name,
        fingerprint="1",
        text=text,
        link="https://d/1",
        changed_at=datetime(2026, 10, 2, tzinfo=UTC),
    )
    indexing = Indexing(now=lambda: datetime(2026, 11, 20, tzinfo=UTC))
    return (await indexing.index([kept]).search(question))[0]


FEE = "Le badge coûte 500 F pour chaque enfant."


@pytest.mark.parametrize(
    ("text", "year", "is_past"),
    [
        (f"# Tarifs 2024-2025\n\n{FEE}", "2024-2025", True),
        (f"# Tarifs 2026-2027\n\n{FEE}", "2026-2027", False),
        (f"# Tarifs 2025\n\n{FEE}", "2025", True),
        (f"# Tarifs\n\n## Année 2024-2025\n\n{FEE}", "2024-2025", True),
        (f"# Tarifs 2024-2025\n\n## Rentrée 2026\n\n{FEE}", "2026", False),
        (f"# Tarifs\n\nAnnée scolaire 2024/2025\n\n{FEE}", "2024-2025", True),
        (f"# Tarifs\n\n{FEE[:-1]} en 2025-2026.", "2025-2026", True),
        (f"# Tarifs\n\nAdoptés le 12 mai 2019.\n\n{FEE}", None, False),
        (f"# Tarifs\n\n{FEE}", None, False),
    ],
)
async def test_a_passage_says_of_which_year_it_is(
    text: str, year: str | None, *, is_past: bool
) -> None:
    passage = await found(text, "combien coûte le badge ?")

    assert "badge" in passage.text
    assert (passage.valid_for, passage.is_past) == (year, is_past)


@pytest.mark.parametrize(
    ("year", "day", "is_past"),
    [
        ("2025-2026", date(2026, 7, 31), False),
        ("2025-2026", date(2026, 8, 1), True),
        ("2026", date(2026, 12, 31), False),
        ("2026", date(2027, 1, 1), True),
    ],
)
def test_a_school_year_ends_in_summer_and_a_year_with_december(
    year: str, day: date, *, is_past: bool
) -> None:
    assert is_over(year, day) == is_past


async def test_a_passage_says_where_it_is_opened_and_when_it_was_changed() -> None:
    passage = await found(f"# Tarifs\n\n{FEE}", "combien coûte le badge ?")

    assert passage.link == "https://d/1"
    assert passage.updated == date(2026, 10, 2)


async def test_the_date_that_a_document_says_itself_comes_first() -> None:
    text = f"# Tarifs\n\nMis à jour le 1er septembre 2026\n\n{FEE}"

    passage = await found(text, "combien coûte le badge ?")

    assert passage.updated == date(2026, 9, 1)
