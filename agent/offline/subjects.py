"""Which action of the profiles a question is about, by words and by meaning."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tools.backends.encoder import Encoder, Packed
from tools.backends.token_vectors import interaction
from tools.folding import stem
from tools.profile import Action, Profile

from .lexicon import (
    phrases,
    question_words,
    subjects_of,
    subjects_spelt,
    word_set,
)
from .words import has_one_of, spoken, tokens

# How much a word says of an action, by where it stands.
_IN_NAME, _IN_TABLE, _IN_HEAD, _IN_TEXT, _IN_FIELD = 3.0, 2.0, 1.5, 1.0, 1.2
_READ_AS = "Dossier personnel"  # what the encoder was taught that actions are
_BEFORE_DETAILS = re.compile(r"[:,.;]")


@dataclass(frozen=True, kw_only=True)
class Known:
    """An action, what it asks for, and the keys of its words with their weights."""

    action: Action
    requires: str | None
    weights: Mapping[str, float]
    heads: frozenset[str]

    @property
    def child_parameter(self) -> str | None:
        """The parameter that takes a child's first name."""
        for parameter in self.action.parameters:
            if parameter.field in self.action.minor_fields:
                return parameter.name
        return None

    @property
    def subject(self) -> str | None:
        """The subject that the action is named after, for its label."""
        for word in _name_words(self.action):
            for subject in subjects_spelt(word):
                return subject
        return None

    @property
    def tells_when(self) -> bool:
        """Whether its rows hold a day, an hour or a date."""
        return not {"#timetable", stem("date")}.isdisjoint(self.weights)

    @property
    def tells_where(self) -> bool:
        """Whether its rows hold a place."""
        return "#place" in self.weights

    @property
    def tells_price(self) -> bool:
        """Whether its rows hold an amount of money."""
        return "#money" in self.weights

    @property
    def is_own(self) -> bool:
        """Whether its rows belong to whoever proved a code."""
        return self.requires == "parent_code"


@dataclass(frozen=True, kw_only=True)
class Match:
    """How well a question fits an action."""

    known: Known
    score: float
    has_content: bool  # more than "when" and "where" is shared
    names_it: bool  # a word of the question is the action's own subject
    share: float  # of the words of the question that the action explains


class Subjects:
    """All actions of a world, ready to be compared with questions."""

    def __init__(
        self, profiles: Mapping[str, Profile], encoder: Encoder | None = None
    ) -> None:
        self._encoder = encoder
        self._described: Sequence[Packed] = ()
        actions = [
            (action, profile.requires)
            for profile in profiles.values()
            for action in profile.actions
        ]
        self._opened = {
            table: fields
            for profile in profiles.values()
            for table, fields in (profile.tables or {}).items()
        }
        weights = [_weights(action) for action, _ in actions]
        spread = Counter(key for each in weights for key in each)
        self.known = tuple(
            _known(action, requires, own, spread, len(actions))
            for (action, requires), own in zip(actions, weights, strict=True)
        )
        self.by_name = {known.action.name: known for known in self.known}

    @property
    def opened(self) -> Mapping[str, Sequence[str]]:
        """The tables that a profile opens for reading, with their fields."""
        return self._opened

    @property
    def tables(self) -> Mapping[str, Sequence[str]]:
        """The tables that are known, with the fields that may be read."""
        found: dict[str, Sequence[str]] = {}
        for known in self.known:
            action = known.action
            found[action.table] = (*found.get(action.table, ()), *action.fields)
        return {**found, **self._opened}

    def odds(self, text: str) -> Mapping[str, float]:
        """For each action the logarithm of the odds that it answers.

        Nothing without an encoder.
        """
        if self._encoder is None or not self.known:
            return {}
        described = self._described or self._encoder.passages(
            [_in_words(known.action) for known in self.known]
        )
        self._described = described
        odds = interaction(self._encoder, text, described).odds
        return {k.action.name: float(o) for k, o in zip(self.known, odds, strict=True)}

    def own_odds(self, text: str) -> Mapping[str, float]:
        """The same, of the actions on own rows only."""
        own = {known.action.name for known in self.known if known.is_own}
        return {name: odds for name, odds in self.odds(text).items() if name in own}

    def nearer(self, text: str, tied: Sequence[Match]) -> Match:
        """Of matches on own rows that words do not tell apart, the nearest in meaning."""
        odds: Mapping[str, float] = self.own_odds(text) if len(tied) > 1 else {}
        return max(tied, key=lambda m: odds[m.known.action.name]) if odds else tied[0]

    def ranked(self, text: str, *, name: str = "") -> Sequence[Match]:
        """The actions that share words with a question, best first.

        `name`: the first name in it, which says nothing of the subject.
        """
        asked = _question_words(text, name)
        matches = [_match(known, asked) for known in self.known]
        found = [match for match in matches if match.score > 0]
        # "Quand" is near to every timetable: a match by nothing else comes last.
        return sorted(found, key=lambda match: (not match.has_content, -match.score))


def _in_words(action: Action) -> str:
    name = action.name.replace("_", " ")
    return f"{_READ_AS} > {name} > {action.description}"


def _name_words(action: Action) -> list[str]:
    words = [w for w in tokens(action.name) if w not in word_set("action_verbs")]
    # "list_children" is about the children: there, the word tells it apart.
    return [word for word in words if word not in word_set("whose")] or words


def keys_of(words: Iterable[str], *, is_spelt_well: bool = False) -> set[str]:
    """What words stand for: their subjects, and themselves as stems."""
    subjects = subjects_spelt if is_spelt_well else subjects_of
    keys: set[str] = set()
    for word in words:
        if len(word) < 2:
            continue
        keys.update(f"#{subject}" for subject in subjects(word))
        keys.add(stem(word))
    return keys


def _telling(words: Iterable[str]) -> list[str]:
    empty = word_set("action_verbs") | word_set("whose")
    return [word for word in words if word not in empty]


@dataclass(frozen=True)
class _Asked:
    keys: set[str]
    is_question_word: bool  # "when", "where": near many actions, about none


def _question_words(text: str, name: str) -> list[_Asked]:
    asks = question_words()
    silent = (word_set("light") - asks) | word_set("action_verbs") | set(tokens(name))
    silent |= word_set("kin") | word_set("whose")
    words = tokens(text)
    # "qui sont mes enfants ?": there, and only there, they are the subject.
    if silent.issuperset(words):
        silent -= word_set("whose")
    is_of_money = any(
        "money" in subjects_of(word) for word in words if word not in silent
    )
    if not is_of_money and has_one_of(spoken(text), phrases("mine")):
        words = [*words, "payer"]  # "combien on doit" has no other word for it
    asks = (asks | word_set("days") | word_set("month_words")) - word_set("things")
    return [
        _Asked(keys, word in asks)
        for word in words
        if word not in silent and word not in word_set("ordinals")
        if not word.isdigit() and (keys := keys_of([word]))
    ]


def _weights(action: Action) -> Mapping[str, float]:
    head = _BEFORE_DETAILS.split(action.description)[0]
    sources = (
        (_IN_NAME, _name_words(action)),
        (_IN_TABLE, _telling(tokens(action.table))),
        (_IN_HEAD, _telling(tokens(head))),
        (_IN_TEXT, _telling(tokens(action.description[len(head) :]))),
        (_IN_FIELD, _telling(w for field in action.fields for w in tokens(field))),
        (_IN_FIELD, _telling(w for p in action.parameters for w in tokens(p.name))),
        (_IN_TEXT, _telling(_words_of_parameters(action))),
    )
    weights: dict[str, float] = {}
    for weight, words in sources:
        for key in keys_of(words, is_spelt_well=True):
            weights[key] = weights.get(key, 0.0) + weight
    return weights


def _words_of_parameters(action: Action) -> list[str]:
    """What the parameters are for; the child's tells no action apart."""
    return [
        word
        for parameter in action.parameters
        if parameter.field not in action.minor_fields
        for word in tokens(parameter.description)
    ]


def _known(
    action: Action,
    requires: str | None,
    weights: Mapping[str, float],
    spread: Mapping[str, int],
    count: int,
) -> Known:
    rare = {
        key: weight * math.log(1 + count / spread[key]) / math.log(1 + count)
        for key, weight in weights.items()
    }
    names = [*_name_words(action), *_telling(tokens(action.table))]
    heads = keys_of(names, is_spelt_well=True)
    if requires is not None:
        # One's own are asked for by any of their names; what is open to everybody
        # must be named itself, or every question near it would end there.
        head = _BEFORE_DETAILS.split(action.description)[0]
        heads |= keys_of(_telling(tokens(head)), is_spelt_well=True)
    return Known(
        action=action,
        requires=requires,
        weights=rare,
        heads=frozenset(heads),
    )


def _match(known: Known, asked: Sequence[_Asked]) -> Match:
    score, explained, unexplained = 0.0, 0, 0
    names_it = has_content = False
    for word in asked:
        shared = word.keys & known.weights.keys()
        if not shared:
            unexplained += not word.is_question_word
            continue
        score += max(known.weights[key] for key in shared)
        explained += 1
        names_it = names_it or not word.keys.isdisjoint(known.heads)
        has_content = has_content or not word.is_question_word
    total = explained + unexplained
    return Match(
        known=known,
        score=score,
        names_it=names_it,
        has_content=has_content,
        share=explained / total if total else 0.0,
    )
