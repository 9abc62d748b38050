"""Two requests that mean the same are the same; what differs can be read."""

from datetime import timedelta
from uuid import uuid4

from evals.same_bodies import PlayClock, difference, same_body


def test_ids_that_we_make_are_numbered_as_they_come() -> None:
    first, second = (f"pyd_ai_{uuid4().hex}" for _ in range(2))
    calls = [{"id": first}, {"id": second}, {"answers": first}]

    assert same_body(calls) == [
        {"id": "pyd_ai_1"},
        {"id": "pyd_ai_2"},
        {"answers": "pyd_ai_1"},
    ]


def test_ids_that_a_provider_gave_are_kept() -> None:
    body = {"id": "toolu_0001", "call": "pyd_ai_eaeb0ffc6cd27760"}

    assert same_body(body) == body


def test_times_are_cut_to_seconds_also_within_a_text() -> None:
    body = {"result": '{"since":"2026-11-23T10:00:00.000021+00:00"}', "note": "14.5"}

    assert same_body(body) == {
        "result": '{"since":"2026-11-23T10:00:00+00:00"}',
        "note": "14.5",
    }


def test_a_difference_shows_the_line_that_changed() -> None:
    before = {"system": "Bonjour.\nSoyez bref.\nMerci.", "n": 1}
    after = {"system": "Bonjour.\nSoyez précis.\nMerci.", "n": 1}

    lines = difference(before, after).splitlines()

    assert "-Soyez bref." in lines
    assert "+Soyez précis." in lines


def test_a_long_difference_is_cut() -> None:
    told = difference([f"a{n}" for n in range(90)], [f"b{n}" for n in range(90)])

    assert len(told.splitlines()) == 25
    assert told.endswith("lines more")


def test_the_clock_of_a_play_moves_and_stays_in_its_minute() -> None:
    clock = PlayClock()
    looks = [clock() for _ in range(10_000)]

    assert looks == sorted(set(looks))
    assert looks[-1] - looks[0] < timedelta(seconds=1)
