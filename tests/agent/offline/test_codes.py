"""A parent code is found however it is written, and nothing else is taken for one."""

import pytest

from agent.offline.codes import find_code
from tools.code_shapes import shapes_of


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("VN-31X", "VN-31X"),
        ("vn31x", "vn31x"),
        ("vn - 31x", "vn - 31x"),
        ("zr 5520", "zr 5520"),
        ("q7d 4wv", "q7d 4wv"),
        ("code zr5520", "zr5520"),
        ("Bonjour, mon code c'est 8G4-PW2", "8G4-PW2"),
        ("slt mn code c zr5520", "zr5520"),
        ("mon code: ZR 5520 merci", "ZR 5520"),
        ("my code is 5md8ke", "5md8ke"),
        ("pardon, c'est ZR-5521", "ZR-5521"),
        ("c'est ZR-5520 ou plutôt ZR-5521", "ZR-5521"),
        ("les résultats de Basile zr5520", "zr5520"),
        ("code : ABXQ", "ABXQ"),
        ("5M-2H4", "5M-2H4"),
    ],
)
def test_a_code_is_found_as_it_was_written(said: str, code: str) -> None:
    found = find_code(said, is_expected=False) or find_code(said, is_expected=True)

    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    "said",
    [
        "la séance est à 16h30 ou 18h ?",
        "c'est de 15h-16h30 ?",
        "la 2eme année",
        "le 1er trimestre",
        "l'année 2026-2027",
        "le groupe 3A",
        "c'est 10 000 f ?",
        "10000fcfa",
        "+221770000199",
        "le week-end 2",
        "rdv 2main à 10h",
        "j'ai perdu mon code",
        "c'est quoi le code parent",
        "le code de ma famille, comment je fais ?",
        "mon fils a 12 ans",
        "oui",
        "2",
    ],
)
def test_an_hour_a_rank_an_amount_or_a_word_is_no_code(said: str) -> None:
    assert find_code(said, is_expected=False) is None


@pytest.mark.parametrize("said", ["5520", "c'est 5520", "ABXQ", "VN 31X", "le 5520"])
def test_a_short_answer_to_the_question_for_a_code_is_one(said: str) -> None:
    assert find_code(said, is_expected=True) is not None


@pytest.mark.parametrize(
    "said",
    [
        "juin 2027",
        "samedi 14 novembre 2026",
        "77 000 05 99",
        "SOS",
        "Basile Quenum",
        "3a",
        "2",
        "non",
        "mon code ne marche pas",
    ],
)
def test_even_when_a_code_is_awaited_a_date_or_a_phone_number_is_none(
    said: str,
) -> None:
    assert find_code(said, is_expected=True) is None


def test_what_stands_beside_the_code_is_kept() -> None:
    found = find_code("ZR-5520 les absences de Basile", is_expected=False)

    assert found is not None
    assert found.rest == "les absences de Basile"


def test_words_that_have_the_shape_of_the_codes_of_a_world_are_none() -> None:
    shapes = shapes_of(["ZR-5520", "QD-1187"])
    said = "c'était combien la participation en 2025-2026 ?"

    assert find_code(said, is_expected=False, shapes=shapes) is None
    assert find_code("le zr5520 svp ?", is_expected=False, shapes=shapes) is not None
