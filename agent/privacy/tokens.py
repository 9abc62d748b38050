"""How a token is named, and how it is read again from what a model made of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from tools.folding import fold

Kind = Literal["child", "parent", "surname", "phone", "code", "email"]

# A provider may answer in English and translate the word: both are read.
_WORDS: dict[str, Kind] = {
    "ENFANT": "child",
    "PARENT": "parent",
    "NOM": "surname",
    "TELEPHONE": "phone",
    "CODE": "code",
    "EMAIL": "email",
}
_ALIASES = {
    "CHILD": "ENFANT",
    "SURNAME": "NOM",
    "PHONE": "TELEPHONE",
    "MAIL": "EMAIL",
    "ENFANTS": "ENFANT",
}
_WORD_OF: dict[Kind, str] = {kind: word for word, kind in _WORDS.items()}

_LOOSE = r"[^\W\d_]{3,9}[\s_\\*-]{0,4}\d{1,4}(?:[\s_\\*-]{1,4}[^\W\d_]{3,6}(?:[\s_\\*-]{1,4}\d)?)?"
_STRICT = r"[^\W\d_]{3,9}\\?_\d{1,4}(?:\\?_(?:PR[EÉ]NOM|NOM)(?:\\?_\d)?)?"
_SEEN = re.compile(
    rf"\\?[\[【⟦]{{1,2}}[\s*_`\\]*(?P<bracketed>{_LOOSE})[\s*_`\\]*[\]】⟧]{{1,2}}"
    rf"|(?<![^\W_])(?P<bare>{_STRICT})(?![^\W_])",
    re.IGNORECASE,
)
_WHOLE = re.compile(_LOOSE)
_PARTS = re.compile(r"([A-Z]+)_?0*(\d+)((?:_[A-Z]+)?(?:_\d)?)")


@dataclass(frozen=True, slots=True)
class Kept:
    """One token and what it stands for, for as long as the conversation is kept.

    `PARENT_1_PRENOM` and the like stand for a part of a longer name.
    """

    token: str
    kind: Kind
    value: str

    @property
    def is_part(self) -> bool:
        """Whether this is one word, or some, of a longer name."""
        return self.token.count("_") > 1


def token_of(kind: Kind, number: int) -> str:
    """`ENFANT_1`: what stands in brackets in a covered text."""
    return f"{_WORD_OF[kind]}_{number}"


def number_of(token: str) -> int:
    """The number of a token that `token_of` made."""
    return int(token.split("_")[1])


def kind_of(token: str) -> Kind:
    """What a token stands for."""
    return _WORDS[token.split("_")[0]]


@lru_cache(maxsize=1_000)
def read_token(seen: str) -> str | None:
    """The token that was meant ("enfant 1", "Téléphone-1"), or None."""
    plain = re.sub(r"[^A-Z0-9]+", "_", fold(seen).upper()).strip("_")
    found = _PARTS.fullmatch(plain)
    if not found:
        return None
    word = _ALIASES.get(found[1], found[1])
    return f"{word}_{found[2]}{found[3]}" if word in _WORDS else None


def replace_tokens(text: str, spoken: Callable[[str], str | None]) -> str:
    """The text with each token as `spoken` says it; None leaves what stands there."""
    if _WHOLE.fullmatch(text.strip()):
        return _or_same(text, text.strip(), spoken)
    return _SEEN.sub(
        lambda found: _or_same(found[0], found["bracketed"] or found["bare"], spoken),
        text,
    )


def _or_same(whole: str, seen: str, spoken: Callable[[str], str | None]) -> str:
    token = read_token(seen)
    value = spoken(token) if token else None
    return whole if value is None else value
