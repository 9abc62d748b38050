"""One conversation's tokens: what leaves the house says `[ENFANT_1]`, not a name."""

from collections.abc import Sequence
from itertools import chain

from tools.code_shapes import CodeShape

from .everyday import stands_as_name
from .index import NAMES, Found, Index, covered, spellings_of
from .names import FullName, full_name, has_surname, joined, lone_words
from .noticing import noticed
from .spelling import Spelt, spell
from .tokens import Kept, Kind, number_of, replace_tokens, token_of

_MAX_LOOKS = 8
_CACHED = 2_000  # texts: a turn sends its history up to eight times


class Veil:
    """Covers the known values of one conversation, and puts them back.

    Lives for a turn; `kept` is what the caller keeps, and hands in the next time: a
    token stands for the same value for as long as the conversation is remembered.
    """

    def __init__(self, kept: Sequence[Kept] = ()) -> None:
        self._kept: dict[str, Kept] = {one.token: one for one in kept}
        self._spellings = {one.token: spellings_of(one) for one in kept}
        self._index: Index | None = None
        self._covered: dict[tuple[str, bool], str] = {}

    @property
    def kept(self) -> tuple[Kept, ...]:
        """Every token of this conversation, in the order they were given."""
        return tuple(self._kept.values())

    def know(self, kind: Kind, value: str) -> None:
        """Cover this value from now on; one that is known in any spelling stays.

        Records first, the parent before the children: the first spelling is the one
        that replies show, and a known surname tells "Awa Diop" from "Jean Baptiste".
        """
        value = " ".join(value.split())
        name = self._name_of(kind, value)
        if self._is_known(kind, value) or self._is_known_in_parts(kind, name):
            return
        token = token_of(kind, self._next_number(kind))
        if not self._keep(token, kind, value):
            return
        if name:
            self._keep_full_name(token, kind, name)
        elif kind == "child":
            for number, word in enumerate(lone_words(value), start=1):
                self._keep(f"{token}_NOM_{number}", kind, word)

    def notice(self, text: str, shapes: Sequence[CodeShape] = ()) -> None:
        """Know every e-mail, phone and code that the contact's own words hold."""
        for kind, value in noticed(text, shapes):
            self.know(kind, value)

    def cover(
        self, text: str, *, is_cell: bool = False, is_lasting: bool = False
    ) -> str:
        """The text with every known value as its token.

        `is_cell`: the text is one value of a table or an argument, not a sentence.
        `is_lasting`: it is ours, and the same for every conversation.
        """
        key = (text, is_cell)
        if key not in self._covered:
            if len(self._covered) >= _CACHED:
                self._covered.clear()
            self._covered[key] = self._cover(
                text, is_cell=is_cell, is_lasting=is_lasting
            )
        return self._covered[key]

    def uncover(self, text: str) -> str:
        """The text with every token as the value our records spell.

        A token that this conversation does not have is left: a tool refuses it, and
        `uncover_response` says it in words before a parent reads it.
        """
        return replace_tokens(text, self.value_of)

    def value_of(self, token: str) -> str | None:
        """What a token stands for in this conversation."""
        one = self._kept.get(token)
        return one.value if one else None

    def _cover(self, text: str, *, is_cell: bool, is_lasting: bool) -> str:
        spelt = spell(text, is_known_token=self._is_token, is_lasting=is_lasting)
        # A covered surname shows that the word beside it is a name: look once more.
        for _ in range(_MAX_LOOKS):
            meant = self._meant_in(spelt, is_cell=is_cell)
            if not meant:
                break
            spelt = covered(spelt, meant)
        return spelt.original

    def _meant_in(self, spelt: Spelt, *, is_cell: bool) -> list[Found]:
        self._index = self._index or Index(chain(*self._spellings.values()))
        return [
            found
            for found in self._index.find(spelt)
            if _is_meant(spelt, found, is_cell=is_cell)
        ]

    def _is_token(self, bracketed: str) -> bool:
        return bracketed.strip("[]") in self._kept

    def _keep(self, token: str, kind: Kind, value: str) -> bool:
        """Whether the value can be covered: it has letters or digits enough."""
        kept = Kept(token, kind, value)
        spellings = spellings_of(kept)
        if not any(spelling.key for spelling in spellings):
            return False
        self._kept[token] = kept
        self._spellings[token] = spellings
        self._index = None
        self._covered.clear()
        return True

    def _keep_full_name(self, token: str, kind: Kind, name: FullName) -> None:
        self.know("surname", name.surname)
        self._keep(f"{token}_PRENOM", kind, " ".join(name.given))
        if len(name.given) > 1:
            for number, word in enumerate(name.given, start=1):
                self._keep(f"{token}_PRENOM_{number}", kind, word)

    def _name_of(self, kind: Kind, value: str) -> FullName | None:
        surnames = self._surnames()
        if kind == "parent" or (kind == "child" and has_surname(value, surnames)):
            return full_name(value, surnames=surnames)
        return None

    def _surnames(self) -> frozenset[str]:
        return frozenset(
            joined(one.value) for one in self._kept.values() if one.kind == "surname"
        )

    def _is_known(self, kind: Kind, value: str) -> bool:
        keys = {spelling.key for spelling in spellings_of(Kept("", kind, value))}
        return any(
            spelling.key in keys
            for one in self._kept.values()
            if _is_same_kind(one, kind)
            for spelling in self._spellings[one.token]
        )

    def _is_known_in_parts(self, kind: Kind, name: FullName | None) -> bool:
        """Whether this full name is a child known by its first name, and a surname."""
        if kind != "child" or name is None:
            return False
        return self._is_known("child", " ".join(name.given))

    def _next_number(self, kind: Kind) -> int:
        numbers = [
            number_of(one.token)
            for one in self._kept.values()
            if one.kind == kind and not one.is_part
        ]
        return max(numbers, default=0) + 1


def _is_same_kind(one: Kept, kind: Kind) -> bool:
    """Whether a value of this kind needs no token of its own beside `one`."""
    if one.is_part:
        return one.kind == kind and one.token.endswith("_PRENOM")
    if kind == "child":  # a column of surnames is a child's too
        return one.kind in ("child", "surname")
    return one.kind == kind or (kind == "surname" and one.kind in NAMES)


def _is_meant(spelt: Spelt, found: Found, *, is_cell: bool) -> bool:
    if found.first != found.last or not found.spelling.is_name:
        return True
    return stands_as_name(spelt, found.first, is_cell=is_cell)
