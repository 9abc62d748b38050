"""Words that the house obeys itself: they stand alone, and may be misspelt."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from agent.reserved_words import reserved_word
from memory import Memory
from memory.records import Contact, Conversation, Mode, Session
from tests.conftest import Clock
from tools.context import ToolContext

from .house import ADMIN_ALIAS, build_house

Asker = Callable[..., ToolContext]


@pytest.fixture
def asker(memory: Memory, clock: Clock) -> Asker:
    desk = build_house(memory, clock).desk

    def ask(*, is_admin: bool = False, in_mode: bool = False) -> ToolContext:
        alias = ADMIN_ALIAS if is_admin else "telegram:1"
        return ToolContext(
            desk=desk,
            contact=Contact(id=1, aliases=(alias,), name=None),
            conversation=Conversation(
                id=1,
                contact_id=1,
                channel="telegram",
                address="1",
                mode=Mode.BOT,
                version=0,
            ),
            session=replace(Session(contact_id=1), admin_mode=in_mode),
            said=(),
            turn_key="k",
        )

    return ask


@pytest.mark.parametrize(
    "text", ["stop", "STOP", " Stop ! ", "stopp", "*stop*", "arrêt", "arretez", "sstop"]
)
def test_stop_is_obeyed_from_anybody(asker: Asker, text: str) -> None:
    assert reserved_word(text, asker()) == "stop"
    assert reserved_word(text, asker(is_admin=True, in_mode=True)) == "stop"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!",
        "stop au harcèlement",
        "je veux que ça s'arrête",
        "où est l'arrêt de bus ?",
        "top",
        "Stp",
        "Bonjour",
        "menu",
    ],
)
def test_a_word_inside_a_sentence_is_not_obeyed(asker: Asker, text: str) -> None:
    assert reserved_word(text, asker(is_admin=True, in_mode=True)) is None


@pytest.mark.parametrize(
    "text", ["admin", "Admin !", "super-admin", "mode admin", "superadmin", "adminn"]
)
def test_the_admin_word_is_for_admins_only(asker: Asker, text: str) -> None:
    assert reserved_word(text, asker(is_admin=True)) == "enter_admin"
    assert reserved_word(text, asker()) is None
    assert reserved_word(text, asker(in_mode=True)) is None


@pytest.mark.parametrize("text", ["quitter", "Quiter", "sortir", "quitter admin"])
def test_the_mode_can_be_left_only_from_within(asker: Asker, text: str) -> None:
    assert reserved_word(text, asker(is_admin=True, in_mode=True)) == "leave_admin"
    assert reserved_word(text, asker(is_admin=True)) is None
    assert reserved_word(text, asker(in_mode=True)) is None
    assert reserved_word(text, asker()) is None
