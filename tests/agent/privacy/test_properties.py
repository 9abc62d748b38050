"""What holds for any name, any spelling of it, and any text around it."""

import unicodedata
from collections.abc import Callable, Sequence

from hypothesis import assume, given
from hypothesis import strategies as st

from agent.privacy import Veil
from agent.privacy.everyday import group_of, stands_as_name
from agent.privacy.spelling import spell
from agent.privacy.vocabulary import word_set
from tools.folding import fold

LETTERS = "abcdeilmnorstuvyzàâçéèêëîïôöùûüœæABCDEILMNORSTUVYZÀÉÈŒ"
WORDS = st.text(LETTERS, min_size=3, max_size=9).filter(
    lambda word: group_of(fold(word)) is None and not is_in_any_phrase(word)
)
NAMES = st.lists(WORDS, min_size=1, max_size=3).map("-".join)
SIGNS = st.text(" .,;:!?()«»\"'’/\n\t–…[]{}*_0123456789🙂", max_size=6)


def decomposed(name: str) -> str:
    return unicodedata.normalize("NFD", name)


def parted_by(sign: str) -> Callable[[str], str]:
    return lambda name: name.replace("-", sign)


def with_invisible(sign: str) -> Callable[[str], str]:
    return lambda name: sign.join(name)


SPELLINGS: Sequence[Callable[[str], str]] = (
    str,
    str.upper,
    str.lower,
    fold,
    decomposed,
    *(parted_by(sign) for sign in (" ", "\u00a0", "", "\u2011", "'", "_")),
    *(with_invisible(sign) for sign in ("\u200b", "\u00ad", "\ufeff")),
)


def is_in_any_phrase(word: str) -> bool:
    spelt = spell(word, is_known_token=lambda _: False)
    return not stands_as_name(spelt, 0, is_cell=True)


def bare(text: str) -> str:
    return "".join(sign for sign in fold(text) if sign.isalnum())


@given(name=NAMES, spelling=st.sampled_from(SPELLINGS), before=SIGNS, after=SIGNS)
def test_no_spelling_of_a_known_name_leaves(
    name: str, spelling: Callable[[str], str], before: str, after: str
) -> None:
    assume(bare(name) not in ("enfant", "nom"))
    veil = Veil()
    veil.know("child", name)

    covered = veil.cover(f"{before}{spelling(name)}{after}")

    assert bare(name) not in bare(covered.replace("[ENFANT_1]", " "))
    assert "[ENFANT_1]" in covered


@given(
    digits=st.text("0123456789", min_size=7, max_size=7),
    seams=st.lists(
        st.sampled_from(["", " ", "-", ".", "\u00a0"]), min_size=8, max_size=8
    ),
    country=st.sampled_from(["", "+221", "+221 ", "00221", "221 ", "(221) "]),
)
def test_no_spelling_of_a_known_phone_leaves(
    digits: str, seams: list[str], country: str
) -> None:
    veil = Veil()
    veil.know("phone", f"+22177{digits}")
    national = "".join(a + b for a, b in zip(f"77{digits}", [*seams, ""], strict=True))

    assert veil.cover(f"au {country}{national}, merci") == "au [TELEPHONE_1], merci"


@given(
    names=st.lists(NAMES, min_size=1, max_size=4), between=st.lists(SIGNS, min_size=5)
)
def test_what_is_written_as_in_the_records_comes_back_the_same(
    names: list[str], between: list[str]
) -> None:
    assume(len({bare(name) for name in names}) == len(names))
    veil = Veil()
    for name in names:
        veil.know("child", name)
    text = between[0] + "".join(
        f" & {name} & {signs}" for name, signs in zip(names, between[1:], strict=False)
    )

    assert veil.uncover(veil.cover(text)) == text


@given(
    names=st.lists(st.text(LETTERS + "-' ", min_size=1, max_size=14), max_size=4),
    text=st.text(LETTERS + " -'[]_0123456789.\\"),
)
def test_covering_twice_is_covering_once(names: list[str], text: str) -> None:
    veil = Veil()
    for name in names:
        veil.know("child", name)
        veil.know("parent", name[::-1])
    text = f"{text} {' '.join(names)}{text}"

    once = veil.cover(text)

    assert veil.cover(once) == once
    assert Veil(veil.kept).cover(text) == once


@given(
    names=st.sets(st.sampled_from(sorted(word_set("nouns") | word_set("everyday")))),
    text=st.lists(
        st.sampled_from(
            [
                "Diop",
                "Rose",
                "rose",
                "Juste",
                "juste",
                "grace",
                "Petit",
                "petit",
                "ma",
                "fille",
                "de",
                "la",
                "saint",
                "a",
                "est",
                "que",
                ".",
                ",",
            ]
        )
    ).map(" ".join),
    is_cell=st.booleans(),
)
def test_everyday_names_are_settled_at_once(
    names: set[str], text: str, is_cell: bool
) -> None:
    veil = Veil()
    veil.know("parent", "Awa Diop")
    for name in ("rose", "juste", "grace", "petit", *sorted(names)):
        veil.know("child", name)

    once = veil.cover(text, is_cell=is_cell)

    assert veil.cover(once, is_cell=is_cell) == once


@given(text=st.text())
def test_any_text_goes_through_an_empty_veil_unchanged(text: str) -> None:
    veil = Veil()

    assert veil.cover(text) == text
    assert veil.uncover(text) == text


@given(text=st.text(), name=NAMES)
def test_a_text_without_the_value_is_never_changed(text: str, name: str) -> None:
    assume(bare(name) not in bare(text))
    veil = Veil()
    veil.know("child", name)

    assert veil.cover(text) == text
