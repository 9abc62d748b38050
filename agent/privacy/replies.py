"""A covered reply as a parent reads it: records' spelling, elisions, no raw token."""

import re

from agent.language import Language

from .texts import UNKNOWN
from .tokens import kind_of, replace_tokens
from .veil import Veil

# A model cannot see whether a name begins with a vowel. "h" and "y" go both ways.
_VOWELS = "aeiouàâäéèêëîïôöùûüœæAEIOUÀÂÄÉÈÊËÎÏÔÖÙÛÜŒÆ"
_OPEN = "\ue000"  # private use: no text that people or models write has it
_FULL = re.compile(
    rf"\b(?P<small>[dD]|[qQ]u|[jJ]usqu)e (?P<marks>[*_]*){_OPEN}(?=[{_VOWELS}])"
)
_CUT = re.compile(
    rf"\b(?P<small>[dD]|[qQ]u|[jJ]usqu)['’](?P<marks>[*_]*){_OPEN}(?![{_VOWELS}hHyY])"
)
_BEGINS_SENTENCE = re.compile(rf"(?P<before>\A|[.!?]\s+|\n){_OPEN}(?P<first>[a-zà-ÿ])")


def uncover_reply(text: str, veil: Veil, *, language: Language = "fr") -> str:
    """The reply with every token put back; one that nobody has is said in words."""

    def spoken(token: str) -> str:
        value = veil.value_of(token)
        return _OPEN + (UNKNOWN[language][kind_of(token)] if value is None else value)

    spelt = replace_tokens(text.replace(_OPEN, ""), spoken)
    if language == "fr":
        spelt = _FULL.sub(r"\g<small>'\g<marks>", spelt)
        spelt = _CUT.sub(r"\g<small>e \g<marks>", spelt)
    spelt = _BEGINS_SENTENCE.sub(
        lambda found: found["before"] + found["first"].upper(), spelt
    )
    return spelt.replace(_OPEN, "")
