import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.folding import fold


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("AGNÈS", "agnes"),
        ("cœur", "Coeur"),
        ("l'école", "l’ECOLE"),
        ("14,5", "14.5"),
        ("16 h", "16h"),
        ("14 000 F", "14\u202f000\u00a0F"),
        ("14 000", "14000"),
        ("code :", "code\u00a0:"),
        ("premiere communion", "Première\n\ncommunion"),
        ("2026-2027", "2026–2027"),
        ("KA-4417", "ka\u20114417"),
        ("1re", "1ʳᵉ"),
        ("interdit", "inter\u00addit"),
        ("👍🏾", "👍🏾\ufe0f"),
        ("e\u0301te\u0301", "été"),
    ],
)
def test_what_a_reader_takes_for_the_same_is_the_same(written: str, said: str) -> None:
    assert fold(written) == fold(said)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Ali", "il y a lieu de venir"),
        ("14,5", "145"),
        ("14,5", "14, puis 6"),
        ("16 h", "six heures"),
    ],
)
def test_what_a_reader_tells_apart_stays_apart(words: str, said: str) -> None:
    assert fold(words) not in fold(said)


def test_a_comma_between_words_is_no_decimal_comma() -> None:
    assert fold("Oui, merci") == "oui,merci"


def test_blank_text_folds_to_nothing() -> None:
    assert fold(" \u00a0\n\u200b") == ""


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)
