"""A brother or sister is the other child, or nobody that is registered."""

from collections.abc import Mapping
from typing import Any

import pytest

from .school import CODE, School, Writer


class _OneChild(School):
    """A school that knows one child of this parent only."""

    def answer(self, tool: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        result = super().answer(tool, given)
        if tool == "verify_parent_code":
            return {**result, "children": ["Ombeline"]}
        rows = [r for r in result.get("rows", ()) if r["eleve"] == "Ombeline"]
        return {**result, "rows": rows} if "rows" in result else result


async def _proved(school: School) -> Writer:
    parent = Writer(school)
    await parent.says(CODE)
    return parent


@pytest.mark.parametrize("said", ["les notes de son frere", "her brother's results"])
async def test_the_rows_of_the_only_child_are_not_those_of_a_sibling(said: str) -> None:
    reply = await (await _proved(_OneChild())).says(said)

    assert reply.tools == ()
    assert "Ombeline" in reply.text
    assert "lecture" not in reply.text


async def test_a_sibling_who_is_not_registered_is_told_after_rows_too() -> None:
    parent = await _proved(_OneChild())
    await parent.says("les notes de ma fille")
    reply = await parent.says("et son frère ?")

    assert reply.tools == ()
    assert "Aucun autre enfant" in reply.text


@pytest.mark.parametrize("said", ["et sa sœur ?", "et les notes de sa soeur"])
async def test_of_two_children_a_sibling_is_the_other_one(said: str) -> None:
    parent = await _proved(School())
    await parent.says("les notes de Basile")
    reply = await parent.says(said)

    assert reply.tools == ("exam_results",)
    assert reply.arguments[0]["pupil"] == "Ombeline"


async def test_a_price_for_siblings_is_no_request_for_rows() -> None:
    reply = await (await _proved(_OneChild())).says(
        "combien coute le cours pour le frère ?"
    )

    assert reply.tools == ("search_documents",)
