import pytest

from tools.folding import fold, sound, stem, words


def test_folding_drops_case_accents_and_ligatures_but_no_punctuation() -> None:
    assert fold("Œuvre d’été, à l’Église !") == "oeuvre d'ete, a l'eglise !"
    assert fold("CÆCILIA") == "caecilia"
    assert fold("e\u0301te\u0301") == "ete"


def test_words_are_parted_by_apostrophes_and_signs() -> None:
    assert words("C'est à 16 h 30, salle n°4B ?") == [
        *("c", "est", "a", "16", "h", "30", "salle", "n", "4b")
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("horaires", "horaire"),
        ("inscriptions", "inscription"),
        ("années", "annee"),
        ("reportée", "reporté"),
        ("animatrice", "animateur"),
        ("rendus", "rendu"),
    ],
)
def test_inflections_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_short_words_keep_apart() -> None:
    assert stem("petit") != stem("pets")
    assert stem("2e") == "2e"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("kotizasion", "cotisation"),
        ("odition", "audition"),
        ("louvetaux", "louveteaux"),
        ("conbien", "combien"),
        ("chemize", "chemise"),
        ("telefone", "téléphone"),
        ("batem", "baptême"),
        ("reunyon", "réunion"),
        ("inscripsion", "inscription"),
    ],
)
def test_hurried_spelling_sounds_like_the_word(said: str, meant: str) -> None:
    assert sound(said) == sound(meant)


@pytest.mark.parametrize(
    ("one", "other"),
    [("vaccin", "vacances"), ("natation", "notation"), ("cantine", "cantique")],
)
def test_different_words_sound_different(one: str, other: str) -> None:
    assert sound(one) != sound(other)
