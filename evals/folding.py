"""Texts compared as a reader would: case, accents, spaces and typography folded."""

import re
import unicodedata

_SAME = str.maketrans(
    {"œ": "oe", "æ": "ae", "’": "'", "‘": "'", "ʼ": "'", "′": "'", "`": "'"}
)
# A space counts between two letters only: "16 h" is "16h", "14 000" is "14000" and
# "code :" is "code:"; but "a lieu" must not be found to contain the name "Ali".
_NEEDLESS_SPACE = re.compile(r"(?<![^\W\d_]) | (?![^\W\d_])")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")


def fold(text: str) -> str:
    """`text` without what does not change its meaning, for comparison only.

    Case, accents, ligatures, invisible characters, the kinds of spaces, dashes and
    apostrophes are folded; a decimal comma is a point.
    """
    letters = unicodedata.normalize("NFKD", text.casefold().translate(_SAME))
    plain = "".join(_plain(letter) for letter in letters).casefold()
    spaced = " ".join(plain.split())
    return _DECIMAL_COMMA.sub(".", _NEEDLESS_SPACE.sub("", spaced))


def _plain(letter: str) -> str:
    match unicodedata.category(letter):
        case "Mn" | "Cf":  # accents; soft hyphens, joiners, directions
            return ""
        case "Pd":
            return "-"
        case _:
            return letter
