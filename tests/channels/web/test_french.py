"""Moments and punctuation in French."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from channels.web import french

PARIS = ZoneInfo("Europe/Paris")
MOMENT = datetime(2026, 12, 1, 15, 5, tzinfo=UTC)


def test_a_moment_is_said_in_its_own_zone() -> None:
    assert french.day_and_time(MOMENT, PARIS) == "mardi 1er décembre à 16 h 05"


def test_the_full_hour_has_no_minutes() -> None:
    assert french.clock(MOMENT.replace(minute=0), PARIS) == "16 h"


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=59), "à l'instant"),
        (timedelta(minutes=5), "il y a 5 min"),
        (timedelta(hours=2, minutes=59), "il y a 2 h"),
        (timedelta(days=1), "il y a 1 jour"),
        (timedelta(days=3), "il y a 3 jours"),
    ],
)
def test_what_is_past_is_said_in_the_largest_unit(passed: timedelta, said: str) -> None:
    assert french.ago(MOMENT - passed, MOMENT) == said


def test_punctuation_stays_with_its_word() -> None:
    said = french.unbroken("Essayez « un humain ? » : oui !")

    assert said.replace("\N{NO-BREAK SPACE}", "_") == "Essayez «_un humain_?_»_: oui_!"
