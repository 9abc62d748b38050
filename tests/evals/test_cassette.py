"""The files of cassettes: readable, small, and each where its header says."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from evals.cassette import (
    Answered,
    Asked,
    Cassette,
    Exchange,
    place_of,
    read_cassettes,
    to_yaml,
)
from evals.errors import WrongUse

TOOLS = [{"name": "consult_notes", "description": "Les notes de l'élève. " * 20}]


def exchange(said: str, answer: Any = None) -> Exchange:
    body = {"tools": TOOLS, "said": said, "day": "2026-11-23", "n": 1, "no": None}
    return Exchange(
        asked=Asked(method="POST", url="https://api.anthropic.com/x", body=body),
        answered=Answered(
            status=200, type="application/json", body=answer or {"text": "Très bien"}
        ),
    )


def cassette(*exchanges: Exchange, case: str = "notes") -> Cassette:
    return Cassette(
        synthetic=False,
        provider="anthropic",
        model="claude-haiku-4-5",
        case=case,
        recorded=date(2026, 11, 25),
        exchanges=exchanges,
    )


def kept(folder: Path, held: Cassette) -> Path:
    file = place_of(folder, provider=held.provider, case=held.case)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(to_yaml(held), "utf-8")
    return file


def test_a_cassette_comes_back_as_it_was(tmp_path: Path) -> None:
    events = "event: message\ndata: {}\n\n"
    held = cassette(exchange("l'été\net l'hiver "), exchange("oui", answer=events))
    kept(tmp_path, held)

    assert [each.cassette for each in read_cassettes(tmp_path)] == [held]


def test_a_text_of_several_lines_is_written_as_lines() -> None:
    written = to_yaml(cassette(exchange("l'été\net l'hiver")))

    assert "said: |-\n        l'été\n        et l'hiver\n" in written


def test_what_every_request_repeats_is_written_once() -> None:
    written = to_yaml(cassette(exchange("un"), exchange("deux"), exchange("trois")))

    assert written.count("name: consult_notes") == 1


def test_the_file_of_a_case_never_leaves_its_folder(tmp_path: Path) -> None:
    place = place_of(tmp_path, provider="openai", case="../../etc/x")

    assert place.parent == tmp_path / "openai"


def test_a_cassette_in_another_ones_place_is_refused(tmp_path: Path) -> None:
    file = kept(tmp_path, cassette(exchange("un")))
    file.rename(file.with_name("other.yaml"))

    with pytest.raises(WrongUse, match=r"other\.yaml: holds notes by anthropic"):
        read_cassettes(tmp_path)


@pytest.mark.parametrize("text", ["", "- a", "synthetic: true", "a: [", "\x00"])
def test_what_is_no_cassette_is_refused_with_its_name(
    tmp_path: Path, text: str
) -> None:
    file = kept(tmp_path, cassette(exchange("un")))
    file.write_text(text, "utf-8")

    with pytest.raises(WrongUse, match=r"notes\.yaml is no cassette"):
        read_cassettes(tmp_path)
