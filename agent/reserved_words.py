"""Words that the house obeys itself, before any model: *stop*, and super-admin mode.

They always work, whatever the provider: a change of state is never a model's choice.
"""

from typing import Literal

from rapidfuzz import fuzz

from tools.context import ToolContext
from tools.folding import fold

ReservedWord = Literal["enter_admin", "leave_admin", "stop"]

_ENTER = ("admin", "super admin", "superadmin", "mode admin", "mode super admin")
_LEAVE = ("quitter", "quitter admin", "sortir", "quitter le mode admin", "exit")
_STOP = ("stop", "arret", "arretez", "stopper", "unsubscribe")
_NEAR = 84  # of 100: one letter wrong in a word of six
_SHORTEST = 4  # "stp" and "top" are words of their own


def reserved_word(text: str, context: ToolContext) -> ReservedWord | None:
    """The reserved word that this message is, misspelt or not; it must stand alone."""
    said = fold(text).strip(" .!*?«»\"'")
    if context.is_admin and _is_one_of(said, _ENTER):
        return "enter_admin"
    if context.role == "admin" and _is_one_of(said, _LEAVE):
        return "leave_admin"
    if _is_one_of(said, _STOP):
        return "stop"
    return None


def _is_one_of(said: str, words: tuple[str, ...]) -> bool:
    if len(said) < _SHORTEST:
        return False
    return any(fuzz.ratio(said, word) >= _NEAR for word in words)
