"""Phones, codes and e-mails: known in every spelling, noticed when first written."""

import pytest

from agent.privacy import Veil
from tools.code_shapes import shapes_of

SHAPES = shapes_of(["AB-1234", "XY-9999", "3K8-NP2", "4417"])


def values(veil: Veil) -> list[str]:
    return [one.value for one in veil.kept]


@pytest.mark.parametrize("known", ["+221770009901", "77 000 99 01", "00221770009901"])
@pytest.mark.parametrize(
    "written",
    [
        "+221 77 000 99 01",
        "+221770009901",
        "77-000-99-01",
        "00221770009901",
        "770009901",
        "(221) 770009901",
        "(+221) 77.000.99.01",
        "77\u00a0000\u202f99\u201101",
        "221 770009901",
    ],
)
def test_a_known_phone_is_covered_in_every_spelling(known: str, written: str) -> None:
    veil = Veil()
    veil.know("phone", known)

    assert veil.cover(f"tel : {written}.") == "tel : [TELEPHONE_1]."


def test_a_phone_in_parentheses_leaves_them() -> None:
    veil = Veil()
    veil.know("phone", "+221770009901")

    assert veil.cover("(770009901) ou tel770009901") == (
        "([TELEPHONE_1]) ou tel[TELEPHONE_1]"
    )


def test_a_foreign_phone_is_known_with_and_without_its_country() -> None:
    veil = Veil()
    veil.know("phone", "+33 6 12 34 56 70")

    assert veil.cover("06 12 34 56 70, 0033612345670, +33 (0)6 12 34 56 70") == (
        "[TELEPHONE_1], [TELEPHONE_1], [TELEPHONE_1]"
    )


def test_another_number_is_not_the_known_phone() -> None:
    veil = Veil()
    veil.know("phone", "+221770009901")
    text = "7700099012, 1770009901, 77 000 99 02"

    assert veil.cover(text) == text


@pytest.mark.parametrize(
    "written", ["QZ-8817", "qz 8817", "Qz8817", "QZ–88 17", "q.z 8817"]
)
def test_a_code_is_covered_without_case_spaces_and_dashes(written: str) -> None:
    veil = Veil()
    veil.know("code", "QZ-8817")

    covered = veil.cover(f"mon code : {written} merci")

    assert covered == "mon code : [CODE_1] merci"
    assert veil.uncover(covered) == "mon code : QZ-8817 merci"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("appelez le 77 123 45 67", ["77 123 45 67"]),
        ("mon num c 771234567 svp", ["771234567"]),
        ("(+221) 33 821 00 00", ["+221) 33 821 00 00"]),
        ("+33 6 12 34 56 70 et 2 enfants", ["+33 6 12 34 56 70"]),
        ("06 12 34 56 70", ["06 12 34 56 70"]),
        ("\u202a+221 77 123 45 67\u202c", ["+221 77 123 45 67"]),
        ("771234567 781234567", ["771234567", "781234567"]),
        ("écrivez à awa@maison.example.", ["awa@maison.example"]),
        ("code ab 1234 merci", ["ab 1234"]),
        ("AB1235", ["AB1235"]),
        ("3k8np2", ["3k8np2"]),
        ("LE-4417", ["LE-4417"]),
    ],
)
def test_what_a_contact_writes_becomes_known(text: str, found: list[str]) -> None:
    veil = Veil()
    veil.notice(text, SHAPES)

    assert values(veil) == found
    covered = veil.cover(text)
    assert not any(value in covered for value in found)


@pytest.mark.parametrize(
    "text",
    [
        "le 12/10/2026 à 16 h 30",
        "7 12 2026 16 h",
        "du 30-12-2026 au 03-01-2027",
        "15 000 FCFA, 15000f, 770 000 000 FCFA, 770000000f",
        "en 2026, de 5000 à 7500",
        "mai 2026, le 12 mai",
        "16h30, 9h05",
        "la 3e année, 14,5 sur 20",
        "il a eu 4417 points",
    ],
)
def test_dates_amounts_hours_and_years_are_nobodys_number(text: str) -> None:
    veil = Veil()
    veil.notice(text, SHAPES)

    assert veil.kept == ()
