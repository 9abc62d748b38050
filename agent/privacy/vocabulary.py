"""The words that tell a name from an everyday word: `common_names.yaml`, read."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import cast

import yaml

Phrase = tuple[frozenset[str], ...]  # at each place, the words that may stand there

ANY_NAME, NUMBER = "~", "#"
_FILE = Path(__file__).parent / "common_names.yaml"


@cache
def word_set(kind: str) -> frozenset[str]:
    """The folded words of a section."""
    return frozenset(_sections()[kind])


def phrases_with(word: str) -> Sequence[tuple[Phrase, int]]:
    """The set phrases that hold a word, each with the place of the word in it."""
    return _phrases().get(word, ())


@cache
def _phrases() -> Mapping[str, Sequence[tuple[Phrase, int]]]:
    found: dict[str, list[tuple[Phrase, int]]] = {}
    for text in _sections()["phrases"]:
        phrase = tuple(frozenset(word.split("|")) for word in text.split())
        for place, choices in enumerate(phrase):
            for word in choices:
                found.setdefault(word, []).append((phrase, place))
    return found


@cache
def _sections() -> Mapping[str, Sequence[str]]:
    # BaseLoader: every value is a text, also "on" and "y".
    with _FILE.open(encoding="utf-8") as stream:
        return cast(
            "Mapping[str, Sequence[str]]", yaml.load(stream, Loader=yaml.BaseLoader)
        )
