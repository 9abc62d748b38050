from datetime import date

from tools.backends.passages import Piece, cut, read_document

MARKED = """# Le camp d'été

Mis à jour le : 2026-09-01

Un **camp** pour tous, [en ligne](https://camp.example).

## Prix

| Qui | Prix |
| --- | --- |
| Premier enfant | 48 000 F |
| Deuxième enfant | 40 000 F |

### Trousseau

À mettre dans le sac :

- un drap
- une lampe
  de poche

- Argent : 3 000 F
"""

PLAIN = """Le club

Updated: 2026-11-02
OÙ NOUS TROUVER
4 quai des Tanneurs
34300 Agde

Horaires d'ouverture

L'accueil est ouvert du mardi au samedi, de dix heures à midi, et l'après-midi
sur rendez-vous.

CONTACTS
Téléphone : 04 67 00 11 22
Courriel : bonjour@club.example

LES BASSINS

1. Grand bain
   quai des Tanneurs

2. Petit bain
   rue Haute
"""


def pieces(text: str) -> list[Piece]:
    return cut(read_document(text, source="x.md", name="X"))


def shown(text: str, kind: str) -> list[tuple[str | None, str]]:
    return [(p.heading, p.text) for p in pieces(text) if p.kind == kind]


def test_title_and_date_come_from_the_document() -> None:
    document = read_document(MARKED, source="camp.md", name="Camp")

    assert (document.title, document.updated) == ("Le camp d'été", date(2026, 9, 1))
    assert "jour le" not in "".join(piece.text for piece in cut(document))


def test_a_document_without_heading_has_the_title_of_its_file() -> None:
    text = "- un\n- deux"

    assert (
        read_document(text, source="ma-liste.md", name="Ma liste").title == "Ma liste"
    )


def test_a_paragraph_is_shown_without_marks() -> None:
    assert shown(MARKED, "text") == [
        (None, "Un camp pour tous, en ligne (https://camp.example).")
    ]


def test_a_row_comes_with_the_names_of_its_columns() -> None:
    assert shown(MARKED, "row") == [
        ("Prix", "Qui : Premier enfant · Prix : 48 000 F"),
        ("Prix", "Qui : Deuxième enfant · Prix : 40 000 F"),
    ]


def test_a_table_and_a_list_are_also_there_as_a_whole() -> None:
    table, entries = shown(MARKED, "whole")

    assert table[1].count("\n") == 1
    assert entries == (
        "Prix › Trousseau",
        "À mettre dans le sac :\n- un drap\n- une lampe · de poche\n- Argent : 3 000 F",
    )


def test_a_long_table_is_cut() -> None:
    rows = "\n".join(f"| {n} | x |" for n in range(30))

    wholes = shown(f"# T\n\n| a | b |\n|---|---|\n{rows}", "whole")

    assert [text.count("a :") for _, text in wholes] == [12, 12, 6]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    sentence = "Une phrase qui compte à peu près soixante signes, à vue de nez."

    parts = shown(f"# T\n\n{' '.join([sentence] * 30)}", "text")

    assert len(parts) > 1
    assert all(text.endswith("nez.") and len(text) <= 760 for _, text in parts)


def test_nothing_of_a_text_is_lost_when_a_lead_has_no_list() -> None:
    assert shown("# T\n\n## A\n\nVoici :\n\n## B\n\nFin.", "text") == [
        ("A", "Voici :"),
        ("B", "Fin."),
    ]


def test_plain_text_has_headings_too() -> None:
    assert shown(PLAIN, "text") == [
        ("OÙ NOUS TROUVER", "4 quai des Tanneurs\n34300 Agde"),
        (
            "Horaires d'ouverture",
            "L'accueil est ouvert du mardi au samedi, de dix heures à midi, et"
            " l'après-midi sur rendez-vous.",
        ),
    ]


def test_lines_of_name_and_value_are_a_list() -> None:
    assert ("CONTACTS", "Téléphone : 04 67 00 11 22") in shown(PLAIN, "entry")


def test_entries_parted_by_blank_lines_are_one_list() -> None:
    assert ("LES BASSINS", "2. Petit bain · rue Haute") in shown(PLAIN, "entry")
    assert shown(PLAIN, "whole")[-1][1].startswith("1. Grand bain")


def test_what_stands_in_front_of_a_passage_is_known_with_it() -> None:
    row = next(piece for piece in pieces(MARKED) if piece.kind == "row")

    assert row.context.startswith("Le camp d'été > Prix > Qui : Premier")
