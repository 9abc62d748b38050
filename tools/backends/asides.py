"""What a question only tells beside what it asks: a reason, a journey, a place."""

import re

from ..folding import fold

# "On vient de rentrer de voyage, …": a life is told, not what is asked. Verbs of
# doing ("mon fils fait du judo") are no aside: they say what the price is of.
_OF_ONESELF = (
    r"(?:on|nous|je|j'|we|i)\s?(?:[a-z']{1,9}\s+){0,3}?"
    r"(?:v[ie]en[ts]?|venons|rentr\w+|habit\w+|travaill\w+|demenag\w+|live|work|moved"
    r"|just)\b[^,;?!]*"
)
_REASON = r"(?:avec|vu|a cause d\w+|malgre|with|because of|due to)\s[^,;?!]*?"
_WHY = r"(?:pendant qu|tandis qu|parce qu|puisqu|while\b|because\b(?! of))[^,;?!]*"
_WHAT_TO_DO = (
    r"(?:que|qu'est-ce que|what|comment|how)\b[^,;?!]{0,20}\b(?:faire|fait|do)\b"
)
_ASIDES = (
    re.compile(rf"^\s*{_OF_ONESELF}(?=,)"),
    # Beside an "if", it is only why: "with the card, how much" would be a condition.
    re.compile(rf"^\s*{_REASON}(?=,?\s+(?:si|s'il|if)\b)"),
    re.compile(rf"\s{_WHY}"),
    # Where a mishap happened, when all that is asked is what to do.
    re.compile(
        r"\s(?:dans|in)\s+(?:la|le|les|l'|un|une|the|a|an|my)?\s?\w+"
        rf"(?=\s*[,.;]\s*{_WHAT_TO_DO})"
    ),
)


def parted(text: str) -> tuple[str, str]:
    """What a question asks, and what it only tells beside it; both folded."""
    asked, told = fold(text), ""
    for aside in _ASIDES:
        told += " ".join(aside.findall(asked))
        asked = aside.sub(" ", asked)
    return asked, told
