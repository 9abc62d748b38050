"""A code is known by its shape, and no shape is a code."""

import pytest

from tools.code_shapes import (
    CodeShape,
    code_shapes,
    hide_codes,
    pieces_like_codes,
    shapes_of,
)

from .school import AWA, FATOU, MALICK, PROFILES, LeakyTables, rows_of_the_school


def fits(text: str, *codes: str) -> bool:
    return any(shape.fits(text) for shape in shapes_of(codes))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("qz 0099", ("QZ-1234",)),
        ("QZ0099", ("QZ-1234", "AB-9876")),
        ("777 érable", ("123-CHENE", "456-PEUPLIER")),
        ("XYZ-1111-Q", ("ABC-2222-D",)),
        ("123456", ("654321",)),
    ],
)
def test_what_is_written_like_the_codes_has_their_shape(
    text: str, codes: tuple[str, ...]
) -> None:
    assert fits(text, *codes)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("QZ-99", ("QZ-1234",)),
        ("bonjour", ("QZ-1234",)),
        ("12-BUIS", ("123-CHENE", "456-PEUPLIER")),
        ("XYZ-1111", ("ABC-2222-D",)),
        ("", ("QZ-1234",)),
    ],
)
def test_anything_else_has_not(text: str, codes: tuple[str, ...]) -> None:
    assert not fits(text, *codes)


def test_one_shape_covers_codes_of_different_lengths() -> None:
    assert shapes_of(["12-OR", "345-ARGENT"]) == (
        CodeShape(((True, 2, 3), (False, 2, 6))),
    )


@pytest.mark.parametrize(
    ("code", "is_distinct"),
    [("QZ-1234", True), ("123456", False), ("CHENE", False), ("A1", False)],
)
def test_only_long_mixed_codes_look_like_nothing_else(
    code: str, is_distinct: bool
) -> None:
    (shape,) = shapes_of([code])
    assert shape.is_distinct is is_distinct


def test_no_codes_have_no_shape() -> None:
    assert shapes_of(["", " - "]) == ()


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("mon code est qz 0099, merci", "mon code est ••••, merci"),
        ("QZ-0099 et AB1234", "•••• et ••••"),
        ("rendez-vous à 16 h 30", "rendez-vous à 16 h 30"),
        ("", ""),
    ],
)
def test_codes_are_blotted_out_of_what_others_read(text: str, hidden: str) -> None:
    assert hide_codes(text, shapes_of(["KX-1234"])) == hidden


async def test_the_shapes_of_a_world_come_from_its_identity_tables() -> None:
    shapes = await code_shapes(PROFILES, LeakyTables(rows_of_the_school()))

    for code in (AWA, MALICK, FATOU):
        assert any(shape.fits(code) for shape in shapes)


def test_pieces_with_the_shape_of_a_code_are_found_however_they_are_written() -> None:
    shapes = shapes_of(["4417", "9000"])

    found = set(pieces_like_codes("mon code 44 17, en 2026 et 12 h", shapes))

    assert found == {"44 17", "2026"}
