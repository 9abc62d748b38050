from pathlib import Path

import pytest

from config.cast import ANYBODY, read_contacts, read_sample
from config.settings import WrongSettings

CONTACTS = """
contacts:
  - {key: awa, label: "Awa", alias: "web:awa", hint: "Essayez « bonjour »."}
  - {key: chef, label: "Le chef", alias: "web:chef", role: admin}
"""


def test_the_people_of_the_file_may_be_played(tmp_path: Path) -> None:
    (tmp_path / "contacts.yaml").write_text(CONTACTS, "utf-8")

    awa, chef = read_contacts(tmp_path)

    assert (awa.key, awa.alias, awa.role) == ("awa", "web:awa", "contact")
    assert awa.hint == "Essayez « bonjour »."
    assert chef.role == "admin"


def test_a_world_that_names_nobody_can_be_tried_by_anybody(tmp_path: Path) -> None:
    assert read_contacts(tmp_path) == ANYBODY
    assert {person.role for person in ANYBODY} == {"contact", "admin"}
    assert read_sample(tmp_path).says


def test_the_sample_is_what_the_file_says(tmp_path: Path) -> None:
    (tmp_path / "sample.yaml").write_text(
        "from: x\nsays: [Bonjour, 'les notes ?']\n", "utf-8"
    )

    assert read_sample(tmp_path).says == ("Bonjour", "les notes ?")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("contacts: [", "while parsing"),
        ("- a list", "contacts"),
        ("", "contacts"),
        ("contacts: [{key: a}]", "label"),
        ("contacts: [{key: a, label: b, alias: 'web:a', role: king}]", "role"),
        ("contacts: [{key: a, label: b, alias: 'web:a', shoe: 43}]", "shoe"),
    ],
)
def test_a_broken_file_is_named_with_the_reason(
    tmp_path: Path, content: str, reason: str
) -> None:
    (tmp_path / "contacts.yaml").write_text(content, "utf-8")

    with pytest.raises(WrongSettings) as refused:
        read_contacts(tmp_path)

    assert "contacts.yaml" in str(refused.value)
    assert reason in str(refused.value)


@pytest.mark.parametrize("content", [b"says: {", b"says: 7", b"{}", b"says: ['\xe9']"])
def test_a_broken_sample_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "sample.yaml").write_bytes(content)

    with pytest.raises(WrongSettings, match=r"sample\.yaml"):
        read_sample(tmp_path)
