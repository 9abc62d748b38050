"""Moments and punctuation in French."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from channels.web import french
from channels.web.markdown import to_safe_html

PARIS = ZoneInfo("Europe/Paris")
MOMENT = datetime(2026, 12, 1, 15, 5, tzinfo=UTC)


def test_a_moment_is_said_in_its_own_zone() -> None:
    said = french.day_and_time(MOMENT, PARIS)

    assert said.replace("\N{NO-BREAK SPACE}", "_") == "mardi 1er décembre à 16_h_05"


def test_the_full_hour_has_no_minutes() -> None:
    assert french.clock(MOMENT.replace(minute=0), PARIS) == "16\N{NO-BREAK SPACE}h"


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=59), "à l'instant"),
        (timedelta(minutes=5), "il y a 5_min"),
        (timedelta(hours=2, minutes=59), "il y a 2_h"),
        (timedelta(days=1), "il y a 1_jour"),
        (timedelta(days=3), "il y a 3_jours"),
    ],
)
def test_what_is_past_is_said_in_the_largest_unit(passed: timedelta, said: str) -> None:
    told = french.ago(MOMENT - passed, MOMENT)

    assert told.replace("\N{NO-BREAK SPACE}", "_") == said


def test_punctuation_stays_with_its_word() -> None:
    said = french.unbroken("Essayez « un humain ? » : oui !")

    assert said.replace("\N{NO-BREAK SPACE}", "_") == "Essayez «_un humain_?_»_: oui_!"


def test_an_hour_stays_on_its_line() -> None:
    said = french.unbroken("de 9 h 00 à 10 h, 3 heures, 4 hommes")

    assert said.replace("\N{NO-BREAK SPACE}", "_") == (
        "de 9_h_00 à 10_h, 3 heures, 4 hommes"
    )


def test_a_sum_stays_on_its_line() -> None:
    nbsp = "\N{NO-BREAK SPACE}"

    said = french.unbroken("le 24 avril : 11 500 FCFA, en 2 fois")
    assert said == f"le 24 avril{nbsp}: 11{nbsp}500{nbsp}FCFA, en 2 fois"


def test_a_page_keeps_punctuation_with_its_word_and_its_tables() -> None:
    html = to_safe_html("Venez (tous) : à 9 h 30 !\n\n| a |\n| :--- |\n| b |")

    assert "(tous)\N{NO-BREAK SPACE}: à 9\N{NO-BREAK SPACE}h" in html
    assert "<td>b</td>" in html


@pytest.mark.parametrize(
    ("size_bytes", "said"),
    [
        (1, "1_ko"),
        (12_400, "12_ko"),
        (999_499, "999_ko"),
        (999_500, "1,0_Mo"),
        (1_440_000, "1,4_Mo"),
    ],
)
def test_a_size_is_said_in_its_unit(size_bytes: int, said: str) -> None:
    assert french.size(size_bytes).replace("\N{NO-BREAK SPACE}", "_") == said
