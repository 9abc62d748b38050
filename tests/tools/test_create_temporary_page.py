from dataclasses import replace
from typing import Any

import pytest

from memory.records import Service
from tools.context import Receipt, ToolContext
from tools.errors import BackendRefused

from .school import School, call


async def page(context: ToolContext, **changes: Any) -> dict[str, Any]:
    arguments = {"title": "Relevé", "body_markdown": "| a |\n|---|", **changes}
    return await call(context, "create_temporary_page", **arguments)


def token_of(answer: dict[str, Any]) -> str:
    return answer["link"].rpartition("/p/")[2]


async def test_a_page_opens_with_its_link_until_it_expires(school: School) -> None:
    context = await school.parent()

    answer = await page(context, hours=2)

    assert answer["link"].startswith("https://example.test/p/")
    assert answer["expires_at"] == "2026-11-23T12:00:00+00:00"
    assert context.receipts == [Receipt("page", answer["link"])]
    assert context.services == {Service.CATECHESE}
    kept = await school.desk.memory.pages.by_token(token_of(answer))
    assert kept is not None
    assert (kept.title, kept.body_markdown) == ("Relevé", "| a |\n|---|")
    school.clock.forward(hours=2)
    assert not kept.is_open_at(school.clock())


async def test_a_page_lives_as_long_as_usual_when_nothing_is_said(
    school: School,
) -> None:
    answer = await page(await school.parent())

    assert answer["expires_at"] == "2026-11-26T10:00:00+00:00"


async def test_a_turn_that_runs_again_finds_its_page(school: School) -> None:
    context = await school.parent()

    first = await page(context)
    school.clock.forward(minutes=3)
    second = await page(context)

    assert first == second
    assert await school.desk.memory.pages.count(context.conversation.id) == 1


async def test_other_words_or_another_turn_make_another_page(school: School) -> None:
    context = await school.parent()
    links = {
        (await page(context))["link"],
        (await page(context, title="Autre"))["link"],
        (await page(context, hours=5))["link"],
        (await page(replace(context, turn_key="telegram:other")))["link"],
        (await page(replace(context, desk=replace(school.desk, secret="b"))))["link"],
    }

    assert len(links) == 5
    assert {len(link) for link in links} == {len("https://example.test/p/") + 32}


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"title": " "},
        {"title": "x" * 121},
        {"body_markdown": "\n"},
        {"body_markdown": "x" * 20_001},
        {"hours": 0},
        {"hours": -1},
        {"hours": 169},
    ],
)
async def test_a_page_has_its_limits(school: School, changes: dict[str, Any]) -> None:
    context = await school.parent()

    with pytest.raises(BackendRefused, match="Refused"):
        await page(context, **changes)

    assert not context.receipts
    assert await school.desk.memory.pages.all() == []


async def test_without_a_secret_no_link_is_made(school: School) -> None:
    context = await school.parent()
    context.desk = replace(context.desk, secret="")

    with pytest.raises(BackendRefused, match="not set up"):
        await page(context)


async def test_a_page_of_an_admin_stands_in_the_audit(school: School) -> None:
    context = await school.admin()

    answer = await page(context)
    with pytest.raises(BackendRefused):
        await page(context, hours=999)

    entries = await school.desk.memory.audit.all()
    assert [(e.tool, e.outcome) for e in entries] == [
        ("create_temporary_page", "ok"),
        ("create_temporary_page", "refused"),
    ]
    assert token_of(answer) not in entries[0].arguments
    assert context.services == {Service.SUPER_ADMIN}
