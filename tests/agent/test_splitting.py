"""A long reply as several messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.splitting import MAX_CHARS, split_reply


def test_a_short_reply_is_one_message() -> None:
    assert split_reply("  Bonjour !\n") == ("Bonjour !",)


@pytest.mark.parametrize("nothing", ["", " ", "\n\n \t"])
def test_an_empty_reply_is_no_message(nothing: str) -> None:
    assert split_reply(nothing) == ()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("aaaaaa\n\nbbbb\ncc", ("aaaaaa", "bbbb\ncc")),
        ("aaaaaa bb\ncccc dd", ("aaaaaa bb", "cccc dd")),
        ("aaa aaa. bbb bb", ("aaa aaa.", "bbb bb")),
        ("aaaa bbbb cccc", ("aaaa bbbb", "cccc")),
        ("aaaaaaaaaaaaaa", ("aaaaaaaaaa", "aaaa")),
        ("aaaaaaaaaa", ("aaaaaaaaaa",)),
    ],
)
def test_a_reply_is_cut_where_it_hurts_least(text: str, parts: tuple[str, ...]) -> None:
    assert split_reply(text, max_chars=10) == parts


def test_platforms_take_every_part() -> None:
    assert MAX_CHARS < 4096


@given(st.text(alphabet="ab .\n😀é", max_size=200), st.integers(4, 30))
def test_nothing_is_lost_and_no_part_is_too_long(text: str, max_chars: int) -> None:
    parts = split_reply(text, max_chars=max_chars)

    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(0 < len(part) <= max_chars for part in parts)
