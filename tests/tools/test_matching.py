import pytest

from tools.matching import (
    as_number,
    codes_in,
    is_owned,
    nearest,
    normal_code,
    wrote_code,
)


@pytest.mark.parametrize(
    "spelt",
    [
        "kx-0417",
        "KX 0417",
        " K X 0 4 1 7 ",
        "KX‑0417",  # non-breaking hyphen
        "KX—0417",
        "kx.0417",
        "KX_0417",
        "KX\u00a00417",
        "KX\u200b0417",
        "ＫＸ－０４１７",
        "kẍ-0417",
    ],
)
def test_a_code_is_the_same_however_it_is_spelt(spelt: str) -> None:
    assert normal_code(spelt) == "kx0417"


@pytest.mark.parametrize(
    "text",
    [
        "mon code est KX-0417.",
        "kx0417",
        "code:kx 0417 merci",
        "«KX 04 17»",
        "voilà\nkx — 0417\nmerci",
    ],
)
def test_a_code_is_found_in_what_was_written(text: str) -> None:
    assert wrote_code("KX-0417", [text])


@pytest.mark.parametrize(
    "text",
    ["KX-04171", "AKX-0417", "KX-041", "0417", "KX puis 0417", "", "-", "KX-04 170"],
)
def test_a_code_is_not_found_inside_another_word(text: str) -> None:
    assert not wrote_code("KX-0417", [text])


def test_the_halves_of_a_code_in_two_messages_are_no_code() -> None:
    assert not wrote_code("KX-0417", ["KX", "0417"])


def test_nothing_is_never_a_written_code() -> None:
    assert not wrote_code("", ["bonjour", ""])
    assert not wrote_code(" - ", ["-"])


def test_a_cell_holds_several_codes_and_no_empty_one() -> None:
    assert codes_in("KX-0417; ab 12 ;;-") == {"kx0417", "ab12"}
    assert codes_in("") == frozenset()


def test_each_guardian_owns_a_shared_row() -> None:
    assert is_owned("KX-0417; AB-12", "ab12")
    assert is_owned("KX-0417; AB-12", "kx 0417")


@pytest.mark.parametrize(
    "code", ["", " ", "-", "KX", "0417", "KX-0417;AB-12", "*", "%", "KX-0417 AB-12"]
)
def test_a_row_is_owned_by_whole_codes_only(code: str) -> None:
    assert not is_owned("KX-0417;AB-12", code)
    assert not is_owned("", code)


def test_numbers_are_read_as_people_write_them() -> None:
    assert as_number("1") == as_number("1.0") == as_number(" 1,00 ")
    assert as_number("12\u202f000") == 12000
    assert as_number("un") is None
    assert as_number("nan") is None
    assert as_number("Infinity") is None
    assert as_number("") is None


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ("aminata", "aminata"),
        ("AMINÄTA", "aminata"),
        ("Aminatta", "aminata"),  # one letter too many
        ("Marie Louise", "marie louise"),
        ("Aminata Seck", "aminata"),  # with a surname that is known
    ],
)
def test_a_name_is_understood_misspelt(wanted: str, meant: str) -> None:
    values = ["Aminata", "Marie-Louise"]
    assert nearest(wanted, values, known_words=["Seck"]) == meant


@pytest.mark.parametrize(
    "wanted", ["Marie", "Louise", "Aminata Ndao", "Moussa", "*", "%", "", "Ami"]
)
def test_another_name_is_not_made_one_of_ours(wanted: str) -> None:
    values = ["Aminata", "Marie-Louise"]
    assert nearest(wanted, values, known_words=["Seck"]) not in {
        "aminata",
        "marie louise",
    }


def test_a_first_name_finds_the_full_name_when_only_one_has_it() -> None:
    assert nearest("Awa", ["Awa Diallo", "Ali Diallo"]) == "awa diallo"
    assert nearest("Diallo", ["Awa Diallo", "Ali Diallo"]) is None


def test_two_names_as_near_as_each_other_are_none() -> None:
    assert nearest("Fatoumat", ["Fatoumata", "Fatoumate"]) is None
