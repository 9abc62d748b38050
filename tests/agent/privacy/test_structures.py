"""Arguments and results of tools go through the veil, keys and numbers too."""

from dataclasses import dataclass
from datetime import date

import pytest

from agent.privacy import Veil, cover_json, uncover_json
from agent.privacy.structures import cover_arguments, uncover_arguments


@pytest.fixture
def veil() -> Veil:
    veil = Veil()
    veil.know("child", "Agnès")
    veil.know("child", "Grâce")
    veil.know("phone", "770009901")
    return veil


def test_every_string_is_covered_and_the_original_is_not_touched(veil: Veil) -> None:
    rows = {
        "rows": [{"enfant": "AGNES", "note": 14.5, "ok": True, "rien": None}],
        "Agnès": ["Grâce", ("agnès",)],
        "tel": 770009901,
    }

    assert cover_json(rows, veil) == {
        "rows": [{"enfant": "[ENFANT_1]", "note": 14.5, "ok": True, "rien": None}],
        "[ENFANT_1]": ["[ENFANT_2]", ["[ENFANT_1]"]],
        "tel": "[TELEPHONE_1]",
    }
    assert rows["Agnès"] == ["Grâce", ("agnès",)]


def test_what_is_not_json_is_covered_as_a_model_would_be_sent_it(veil: Veil) -> None:
    @dataclass
    class Row:
        child: str
        day: date

    assert cover_json(Row("Agnès", date(2026, 12, 5)), veil) == {
        "child": "[ENFANT_1]",
        "day": "2026-12-05",
    }


def test_tokens_in_arguments_become_values_again(veil: Veil) -> None:
    assert uncover_json({"child": "enfant_1", "n": 2, "[ENFANT_2]": [None]}, veil) == {
        "child": "Agnès",
        "n": 2,
        "Grâce": [None],
    }


def test_json_arguments_are_read_before_they_are_changed(veil: Veil) -> None:
    escaped = '{"child": "Agn\\u00e8s \\"dite\\" Gr\\u00e2ce"}'

    covered = cover_arguments(escaped, veil)

    assert covered == '{"child": "[ENFANT_1] \\"dite\\" [ENFANT_2]"}'
    assert uncover_arguments(covered, veil) == '{"child": "Agnès \\"dite\\" Grâce"}'


@pytest.mark.parametrize("arguments", [None, {}, '{ "term":1 }', "", "{broken"])
def test_arguments_without_a_value_stay_as_they_are(
    veil: Veil, arguments: str | dict[str, object] | None
) -> None:
    assert cover_arguments(arguments, veil) == arguments
    assert uncover_arguments(arguments, veil) == arguments


def test_broken_json_is_covered_as_text(veil: Veil) -> None:
    assert cover_arguments('{"child": "Agnès', veil) == '{"child": "[ENFANT_1]'
    assert uncover_arguments('{"child": "[ENFANT_1]', veil) == '{"child": "Agnès'


def test_what_json_cannot_hold_is_refused(veil: Veil) -> None:
    with pytest.raises(TypeError, match="object"):
        uncover_json(object(), veil)
