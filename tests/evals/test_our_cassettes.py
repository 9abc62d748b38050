"""The cassettes of this repository, played through the real house."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evals.case_files import load_cases
from evals.cassette import CASSETTES, CassetteFile, read_cassettes
from evals.command import record_command
from evals.houses import EvalHouses
from evals.recording_command import AskedToRecord
from evals.runner import Pace, run_evals
from evals.served import ReplayingHouses
from main import CACHE, CaseHouses
from tests.evals.record_synthetic import (
    CONVERSATIONS,
    DEMO,
    ROOT,
    Recorded,
    environment_of,
)
from tests.evals.stand_in import standing_in

OURS = read_cassettes()
# One of each wire format: all of them are played by `make test`.
SHORT = {
    "anthropic": "marks-need-a-code",
    "openai": "own-code-and-question-together",
    "gemini": "own-code-and-question-english",
}


def test_there_are_enough_for_each_wire_format_and_service() -> None:
    by_provider = Counter(each.cassette.provider for each in OURS)
    services = {
        (provider, name.partition("/")[0])
        for provider, names in CONVERSATIONS.items()
        for name in names
    }

    assert all(by_provider[provider] >= 5 for provider in CONVERSATIONS)
    assert len({each.cassette.case for each in OURS}) >= 12
    for provider in CONVERSATIONS:
        for service in ("information", "catechesis", "human", "admin"):
            assert (provider, service) in services


def test_every_conversation_of_the_list_is_there() -> None:
    listed = {
        (provider, load_cases([ROOT / "evals" / "cases" / f"{name}.yaml"])[0].case.id)
        for provider, names in CONVERSATIONS.items()
        for name in names
    }

    assert {(each.cassette.provider, each.cassette.case) for each in OURS} >= listed


@pytest.mark.parametrize("provider", CONVERSATIONS)
async def test_the_real_house_is_served_by_a_cassette_alone(
    provider: Recorded, no_network: Callable[[], None]
) -> None:
    cases = [file for file in load_cases() if file.case.id == SHORT[provider]]
    held = {each.cassette.case: each.cassette for each in OURS if _by(each, provider)}
    no_network()

    results = await run_evals(
        cases,
        ReplayingHouses(EvalHouses(CaseHouses()), held),
        pace=Pace(concurrency=1),
    )

    assert results.cases[0].repetitions[0].failures == []
    turns = results.cases[0].repetitions[0].turns
    assert {turn.provider for turn in turns} == {provider}


async def test_a_word_changed_in_a_prompt_fails_through_the_whole_house() -> None:
    cases = [file for file in load_cases() if file.case.id == SHORT["openai"]]
    [file] = [each for each in OURS if each.cassette.case == SHORT["openai"]]
    text = file.cassette.model_dump_json()
    changed = type(file.cassette).model_validate_json(
        text.replace("Write short, warm, correct", "Write long, warm, correct")
    )

    results = await run_evals(
        cases,
        ReplayingHouses(EvalHouses(CaseHouses()), {changed.case: changed}),
        pace=Pace(concurrency=1),
    )

    [failure] = results.cases[0].repetitions[0].failures
    assert "request 1 differs from the recorded one" in failure
    assert "-Write long, warm, correct messages" in failure
    assert "+Write short, warm, correct messages" in failure


async def test_recording_again_gives_the_same_file(tmp_path: Path) -> None:
    async with standing_in(DEMO, cache=CACHE) as stand_in:
        asked = AskedToRecord(
            provider="gemini",
            environment=environment_of("gemini", stand_in),
            folders=[ROOT / "evals" / "cases" / "human" / "asked-in-english.yaml"],
            cassettes=tmp_path,
        )
        assert await record_command(asked, EvalHouses(CaseHouses())) == 0

    [again] = read_cassettes(tmp_path)
    [ours] = [e for e in OURS if e.cassette.case == "human-asked-in-english"]
    assert again.cassette.exchanges == ours.cassette.exchanges


def test_nobody_of_the_demo_world_stands_in_a_cassette() -> None:
    """But for the name that an admin looks for: they write it, and nobody has read it."""
    texts = [
        file.read_text("utf-8").casefold()
        for file in CASSETTES.rglob("*.yaml")
        if not file.name.startswith("admin-find")
    ]

    assert len(texts) >= 12
    for value in _personal_values():
        word = re.compile(rf"(?<!\w){re.escape(value.casefold())}(?!\w)")
        assert not [text for text in texts if word.search(text)], value


def _personal_values() -> Iterator[str]:
    """What is known of persons, but for words of the documents, which are public.

    A retreat is at "Notre-Dame de l'Espérance", and a child has that name.
    """
    public = {
        word
        for file in (DEMO / "documents").glob("*.md")
        for word in re.findall(r"\w+", file.read_text("utf-8").casefold())
    }
    yield from (each for each in _values() if each.casefold() not in public)


def _values() -> Iterator[str]:
    for table, columns in (
        ("parents", ("prenom", "nom", "telephone", "email", "code")),
        ("enfants", ("enfant", "nom")),
    ):
        file = DEMO / "tables" / f"{table}.csv"
        for row in csv.DictReader(file.read_text("utf-8-sig").splitlines()):
            yield from (row[column] for column in columns if row[column])


def _by(file: CassetteFile, provider: str) -> bool:
    return file.cassette.provider == provider
