"""What is never written into a cassette, however it got there."""

from pathlib import Path

import pytest

from evals.case_files import ROOT
from evals.errors import NotKept
from evals.secrecy import is_invented, refuse_secrets

ENVIRONMENT = {
    "ZAI_API_KEYS": "maison:premiere-clef, deuxieme-clef",
    "METRICS_TOKEN": "jeton-des-mesures",
    "DATABASE_URL": "postgresql://gust:mot-de-passe@db/gust",
    "SESSION_SECRET": "court",
    "WORLD": "config/demo",
}


@pytest.mark.parametrize(
    ("text", "variable"),
    [
        ("la premiere-clef", "ZAI_API_KEYS"),
        ("la deuxieme-clef", "ZAI_API_KEYS"),
        ("un jeton-des-mesures", "METRICS_TOKEN"),
        ("le mot-de-passe", "DATABASE_URL"),
    ],
)
def test_a_secret_of_the_environment_is_refused_by_its_name(
    text: str, variable: str
) -> None:
    with pytest.raises(NotKept, match=variable) as refused:
        refuse_secrets(text, ENVIRONMENT)
    assert text.split()[-1] not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "sk-ant-api03-abcdefghijklmnop",
        "AIzaSyA1234567890abcdefghijklmnopqrstuv",
        "https://x.example/v1?key=abcdefgh12",
        "Bearer abcdefgh12",
        "authorization: abc",
        '"Authorization": "abc"',
        "Set-Cookie: session=1",
        "x-api-key: abc",
        "x-goog-api-key: abc",
    ],
)
def test_what_looks_like_a_secret_is_refused(text: str) -> None:
    with pytest.raises(NotKept, match="would be written"):
        refuse_secrets(text, {})


@pytest.mark.parametrize(
    "text",
    [
        "Un cookie pour le goûter ? Une autorisation suffit.",
        "le monde de config/demo est court",
        "key: value, task-force, risk-free-of-all-charges",
    ],
)
def test_everyday_words_are_no_secret(text: str) -> None:
    refuse_secrets(text, ENVIRONMENT)


def test_our_worlds_say_that_they_are_invented(tmp_path: Path) -> None:
    assert is_invented(ROOT / "config" / "demo")
    assert is_invented(ROOT / "evals" / "worlds" / "ziguinchor")
    assert not is_invented(tmp_path)
