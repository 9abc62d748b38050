"""Whose a question is by meaning: the own rows', a public table's, the documents'."""

from collections.abc import Mapping, Sequence

from .children import Name
from .outlook import Outlook
from .ownership import general_points, has_kin
from .questions import asks
from .subjects import Known, Match
from .words import persons_told, tokens

# Odds by the encoder: measured on twelve worlds that it was not taught with.
_CLEARLY, _OF_CHILD = 4.0, 3.2  # above: one's own rows
_CLEARLY_BESIDE = 1.0  # the same, where the documents' odds are known and lower
_FARTHER = 3.0  # below the documents' odds: they are asked
_FAR_FROM_PUBLIC = 8.0  # the same of a public table, which words name
_UNLIKE, _UNLIKE_NAMED, _UNLIKE_PUBLIC = 0.5, -4.0, -6.0  # below: none of them
_TIED = 0.85  # of the best score: as good as equal


def nearest_first(text: str, own: Sequence[Match], outlook: Outlook) -> Sequence[Match]:
    """The matches in order; of those that words do not tell apart, by meaning.

    So it is where the meaning is clear and of another than the words' best.
    """
    odds: Mapping[str, float] = {}
    if len(own) > 1:
        odds = outlook.subjects.own_odds(text)
    if odds:
        best = max(own, key=lambda match: odds[match.known.action.name])
        most, by_words = (odds[m.known.action.name] for m in (best, own[0]))
        if most >= _CLEARLY_BESIDE and most - by_words >= _FARTHER:
            return [best, *(match for match in own if match is not best)]
    tied = [match for match in own if match.score >= _TIED * own[0].score]
    if len(tied) < 2:
        return own
    best = outlook.subjects.nearer(text, tied)
    return [best, *(match for match in own if match is not best)]


def by_meaning(text: str, outlook: Outlook, name: Name | None) -> Known | None:
    """The action that a question is about without a word of it, if it clearly is."""
    odds = outlook.subjects.own_odds(text)
    if not odds:
        return None
    is_of_child = name is not None and name.is_known
    is_of_child = is_of_child or has_kin(persons_told(tokens(text)))
    best = max(odds, key=odds.__getitem__)
    enough = _OF_CHILD if is_of_child and asks(text) else _CLEARLY
    documents = outlook.documents_odds(text)
    if documents is not None:
        enough = _CLEARLY_BESIDE if documents < odds[best] else _CLEARLY
    is_clear = odds[best] >= enough + general_points(text)
    is_clear = is_clear and not is_of_documents(text, outlook)
    return outlook.subjects.by_name[best] if is_clear else None


def is_unlike_own(
    text: str, outlook: Outlook, name: Name | None, *, is_all: bool
) -> bool:
    """Whether a question is, for all its words, about none of the own rows.

    A name makes its odds lower: few were in what the encoder was taught with.
    `is_all`: its words name one of them, and next to nothing else.
    """
    if name and name.is_known:
        return False
    odds = outlook.subjects.own_odds(text)
    least = _UNLIKE_NAMED if name or is_all else _UNLIKE
    return bool(odds) and max(odds.values()) < least


def is_of_documents(text: str, outlook: Outlook) -> bool:
    """Whether the documents answer it far more likely than any of the own rows."""
    own, documents = outlook.subjects.own_odds(text), outlook.documents_odds(text)
    if not own or documents is None:
        return False
    return documents - max(own.values()) >= _FARTHER


def is_unlike(text: str, match: Match, outlook: Outlook) -> bool:
    """Whether a question is not about the public table that it shares words with."""
    odds = outlook.subjects.odds(text).get(match.known.action.name)
    if odds is None:
        return False
    documents = outlook.documents_odds(text)
    is_nearer = documents is not None and documents - odds >= _FAR_FROM_PUBLIC
    return is_nearer or odds < _UNLIKE_PUBLIC
