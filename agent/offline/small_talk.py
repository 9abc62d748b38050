"""What is said between the questions: greetings, thanks, yes, no, a number."""

import re
from collections.abc import Iterator
from typing import Literal

from .lexicon import is_near_one_of, phrases, section, word_set
from .words import has_one_of, is_wordless, spoken

Talk = Literal[
    "greetings", "thanks", "goodbyes", "acks", "yes", "no", "menu", "stop", "marker"
]

_KINDS: tuple[Talk, ...] = (
    "stop",
    "yes",
    "no",
    "thanks",
    "goodbyes",
    "greetings",
    "menu",
    "acks",
)
_NUMBER = re.compile(
    r"^(?:(?:le|la|the|choix|choice|numero|number|option|reponse|n|no)\s)*"
    r"(?P<number>\d{1,2}|[a-z0-9]+)(?:\s(?:svp|merci|please))?$"
)
_CHOICE = re.compile(r"^\s*\*?(\d{1,2})[.)]\*?\s+(.+?)\s*$", re.MULTILINE)
_MARKER = re.compile(
    r"\[(message vocal|audio|voice[^\]]*|photo|image|document|video|"
    r"vidéo|position|contact|sticker|autocollant)\]",
    re.IGNORECASE,
)


def small_talk(text: str) -> Talk | None:
    """Which kind of small talk a whole message is, or None when it says more."""
    if is_wordless(text):
        return "acks"
    said = spoken(text)
    exact: Iterator[Talk] = (kind for kind in _KINDS if said in phrases(kind))
    misspelt: Iterator[Talk] = (k for k in _KINDS if is_near_one_of(said, k))
    return (
        next(exact, None)
        or next(misspelt, None)
        or _mixed_small_talk(said, is_asked="?" in text)
    )


def _mixed_small_talk(said: str, *, is_asked: bool) -> Talk | None:
    """Several kinds in one breath, as in "ok merci, bonne soirée": the first found."""
    rest = f" {said} "
    found: Talk | None = None
    for kind in ("thanks", "goodbyes", "greetings", "yes", "no", "acks"):
        for phrase in phrases(kind):
            if f" {phrase} " in rest:
                rest = rest.replace(f" {phrase} ", " ")
                found = found or kind
    light = word_set("polite")
    if found == "greetings" and not is_asked:  # "bonjour, le secretariat ?" asks
        light |= word_set("addressed") | word_set("articles")
    left = [word for word in rest.split() if word not in light]
    return found if found and not left else None


def without_small_talk(text: str) -> str:
    """A text without the greeting that opens it and the thanks that close it."""
    pieces = re.split(r"(?<=[,!.;:])\s+|\n", text.strip())
    kept = [piece for piece in pieces if piece and small_talk(piece) is None]
    return _without_opening(" ".join(kept))


def _without_opening(text: str) -> str:
    """Greetings that run on into the question: "slt c a quelle heure…"."""
    words = text.split()
    openings = (*phrases("greetings"), *phrases("thanks"), *phrases("acks"))
    for count in range(min(4, len(words) - 1), 0, -1):
        if spoken(" ".join(words[:count])) in openings:
            return _without_opening(" ".join(words[count:]))
    return text


def is_marker(text: str) -> bool:
    """Whether the message is something that cannot be read: a voice note, a photo."""
    return bool(_MARKER.search(text))


def is_voice(text: str) -> bool:
    """Whether the mark is that of a voice note."""
    return any(word in text.lower() for word in ("[message vocal", "[audio", "[voice"))


def without_markers(text: str) -> str:
    """The words beside the marks of photos and voice notes."""
    return _MARKER.sub(" ", text).strip()


def choices_in(reply: str) -> dict[int, str]:
    """The numbered choices of a reply: number -> text."""
    return {int(number): text for number, text in _CHOICE.findall(reply)}


def chosen_number(text: str) -> int | None:
    """The number that a short message stands for: "2", "le 2", "deuxième"."""
    match = _NUMBER.match(spoken(text))
    if not match:
        return None
    word = match["number"]
    if word.isdigit():
        return int(word) if len(word) <= 2 else None
    rank = section("ordinals").get(word)
    return int(rank) if rank else None


def accepts(text: str) -> bool:
    """Whether this says yes to what was just offered."""
    said = spoken(text)
    return is_near_one_of(said, "yes") or said in ("ok", "d accord", "okay", "ok merci")


def offers_person(reply: str) -> bool:
    """Whether a reply ends with the offer of a human."""
    said = spoken(reply[-260:])
    return has_one_of(
        said, ("humain", "human", "personne de l equipe", "person of the")
    )
