"""An admin in super-admin mode is understood; anybody else is not an admin."""

import pytest

from .school import Writer, admin


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("cherche Houngbedji", "Houngbedji"),
        ("trouve la famille Houngbedji", "Houngbedji"),
        ("qui est Mme Adjovi ?", "Adjovi"),
        ("find Kossi", "Kossi"),
    ],
)
async def test_people_are_found_by_name(said: str, words: str) -> None:
    reply = await admin().says(said)

    assert reply.tools == ("find_people",)
    assert reply.arguments == ({"words": words},)


async def test_nobody_found_shows_the_nearest() -> None:
    reply = await admin().says("cherche Kossi")

    assert "Peut-être" in reply.text


@pytest.mark.parametrize(
    ("said", "table"),
    [("table familles", "familles"), ("montre la table eleves", "eleves")],
)
async def test_a_table_is_read(said: str, table: str) -> None:
    reply = await admin().says(said)

    assert reply.tools == ("query_table",)
    assert reply.arguments[0]["table"] == table


async def test_a_group_narrows_the_table() -> None:
    reply = await admin().says("liste les élèves de 2B")

    assert reply.arguments[0]["equals"] == "2B"
    assert "Basile" in reply.text
    assert "Ombeline" not in reply.text


async def test_a_wrong_table_is_answered_with_the_open_ones() -> None:
    assert "familles, eleves" in (await admin().says("montre la table secrets")).text


async def test_a_table_without_a_name_is_asked_for() -> None:
    reply = await admin().says("montre la table")

    assert reply.tools == ()
    assert "Quelle table" in reply.text


@pytest.mark.parametrize(
    "said",
    [
        "demandes en attente",
        "quelles demandes attendent ?",
        "qui attend un humain ?",
        "qui attend ?",
    ],
)
async def test_waiting_requests_are_listed(said: str) -> None:
    reply = await admin().says(said)

    assert reply.tools == ("list_handoffs",)
    assert "n° 41 🔴 · Telegram · en attente" in reply.text


@pytest.mark.parametrize(
    ("said", "title", "body"),
    [
        ("publie une page Rentrée : le 4 octobre", "Rentrée", "le 4 octobre"),
        ("crée une page « Fête » : venez tous", "Fête", "venez tous"),
        (
            "publie une page Fête : lundi\n\n- un\n- deux",
            "Fête",
            "lundi\n\n- un\n- deux",
        ),
        ("publie une page Fête\nlundi\nà midi", "Fête", "lundi\nà midi"),
    ],
)
async def test_a_page_is_published(said: str, title: str, body: str) -> None:
    reply = await admin().says(said)

    assert reply.tools == ("create_temporary_page",)
    assert reply.arguments == ({"title": title, "body_markdown": body},)
    assert "https://x.example/p/abc" in reply.text


async def test_a_page_without_a_text_is_explained() -> None:
    reply = await admin().says("crée une page")

    assert reply.tools == ()
    assert "publie une page" in reply.text


async def test_thanks_are_not_the_text_of_a_page() -> None:
    assert (await admin().says("crée une page sur la fête\nmerci")).tools == ()


async def test_the_tables_that_may_be_read_are_told() -> None:
    reply = await admin().says("quelles sont les tables ?")

    assert reply.tools == ()
    assert "familles, eleves" in reply.text


async def test_other_questions_go_to_the_documents() -> None:
    reply = await admin().says("quels sont les horaires du bureau ?")

    assert reply.tools == ("search_documents",)


async def test_the_menu_of_an_admin_names_what_an_admin_can_do() -> None:
    assert "demandes en attente" in (await admin().says("menu")).text


@pytest.mark.parametrize(
    "said", ["cherche Kossi", "table familles", "crée une page X : y"]
)
async def test_somebody_else_reaches_no_admin_tool(said: str) -> None:
    reply = await Writer().says(said)

    assert set(reply.tools) <= {"search_documents"}
