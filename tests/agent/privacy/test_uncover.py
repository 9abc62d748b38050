"""Tokens are read in whatever form a model gives them; a parent never reads one."""

import pytest

from agent.language import Language
from agent.privacy import Veil, uncover_reply


@pytest.fixture
def veil() -> Veil:
    veil = Veil()
    veil.know("parent", "Awa Diop")
    veil.know("child", "Élodie")
    veil.know("child", "Fatou")
    veil.know("phone", "+221770009901")
    return veil


@pytest.mark.parametrize(
    ("seen", "read"),
    [
        ("[ENFANT_1]", "Élodie"),
        ("[enfant_1]", "Élodie"),
        ("[Téléphone_1]", "+221770009901"),
        ("[TELEPHONE 1]", "+221770009901"),
        ("ENFANT_1 a 14", "Élodie a 14"),
        ("ENFANT\\_1 a 14", "Élodie a 14"),
        ("[ENFANT\\_1]", "Élodie"),
        ("\\[ENFANT\\_1\\]", "Élodie"),
        ("[ENFANT 1]", "Élodie"),
        ("[ENFANT-01]", "Élodie"),
        ("[[ENFANT_1]]", "Élodie"),
        ("**[ENFANT_1]**", "**Élodie**"),
        ("[**ENFANT_1**]", "Élodie"),
        ("**ENFANT_1**", "**Élodie**"),
        ("_ENFANT_1_", "_Élodie_"),
        ("[CHILD_1]", "Élodie"),
        ("[PARENT_1_PRÉNOM]", "Awa"),
        ("PARENT_1_PRENOM", "Awa"),
        ("PARENT_1_PRÉNOM", "Awa"),
        ("[ENFANT_1][ENFANT_2]", "ÉlodieFatou"),
        ("enfant 1", "Élodie"),
    ],
)
def test_a_token_is_read_in_any_form(veil: Veil, seen: str, read: str) -> None:
    assert veil.uncover(seen) == read


@pytest.mark.parametrize(
    "text",
    ["mon enfant 1 est là", "[1] source", "[NOM]", "[ENFANT_9]", "UENFANT_1", "[x_1]"],
)
def test_what_is_no_token_of_this_conversation_stays(veil: Veil, text: str) -> None:
    assert veil.uncover(text) == text


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Les notes de [ENFANT_1]", "Les notes d'Élodie"),
        ("Les notes de **[ENFANT_1]**", "Les notes d'**Élodie**"),
        ("Les notes d'[ENFANT_2]", "Les notes de Fatou"),
        ("Les notes d’[ENFANT_1]", "Les notes d’Élodie"),
        ("Je vois que [ENFANT_1] et qu'[ENFANT_2]", "Je vois qu'Élodie et que Fatou"),
        ("De [ENFANT_1] à [ENFANT_2]", "D'Élodie à Fatou"),
        ("Les notes de [ENFANT_2]", "Les notes de Fatou"),
    ],
)
def test_a_reply_reads_as_french_is_written(veil: Veil, said: str, read: str) -> None:
    assert uncover_reply(said, veil) == read


@pytest.mark.parametrize(
    ("language", "said", "read"),
    [
        ("fr", "[ENFANT_9] a 14.", "Votre enfant a 14."),
        ("fr", "J'ai vu que [ENFANT_9] a 14", "J'ai vu que votre enfant a 14"),
        ("fr", "Appelez [TELEPHONE_7]", "Appelez le numéro indiqué"),
        ("en", "The marks of ENFANT_9", "The marks of your child"),
        ("en", "The de [ENFANT_1]", "The de Élodie"),
    ],
)
def test_a_parent_never_reads_a_raw_token(
    veil: Veil, language: Language, said: str, read: str
) -> None:
    assert uncover_reply(said, veil, language=language) == read
