"""Recording a provider and playing it again: what is kept, refused and noticed."""

import io
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from rich.console import Console

from evals.cassette import place_of, read_cassettes
from evals.command import Asked, record_command, run_command
from evals.recording_command import AskedToRecord
from evals.world import BuildHouse
from tests.counterparts.providers import Asked as AskedOfProvider
from tests.counterparts.providers import (
    ProviderCounterpart,
    Reply,
    Script,
    running_providers,
)
from tests.evals.asking_house import AskingHouses, environment
from tests.evals.scripted import case, write_cases

TWO_TURNS = case(
    id="hello",
    turns=[
        {"say": "bonjour", "expect": {"says_any": ["bonjour"]}},
        {"say": "à bientôt, Zoé ?"},
    ],
)


def saying(text: str) -> Script:
    def say(asked: AskedOfProvider) -> Reply:
        return Reply(text=text)

    return say


class Studio:
    """Records and replays small cases in a folder, and keeps what was printed."""

    def __init__(self, folder: Path, provider: ProviderCounterpart) -> None:
        self.folder = folder
        self.provider = provider
        self.cassettes = folder / "cassettes"
        self.known = folder / "README.md"
        self.known.write_text("## Known failures\n", "utf-8")
        self.out, self.errors = io.StringIO(), io.StringIO()
        self.cases = write_cases(folder, TWO_TURNS)
        self.world = self.cases / "village"
        (self.world / "INVENTED").touch()

    @property
    def printed(self) -> str:
        return self.out.getvalue() + self.errors.getvalue()

    @property
    def cassette(self) -> Path:
        return place_of(self.cassettes, provider="anthropic", case="hello")

    async def record(self, **changes: str) -> int:
        asked = AskedToRecord(
            provider="anthropic",
            environment=environment(self.provider.base_url("anthropic"), **changes),
            folders=[self.cases],
            cassettes=self.cassettes,
        )
        return await record_command(asked, AskingHouses(), **self._consoles())

    async def run(self, houses: BuildHouse | None = None, **options: Any) -> int:
        asked: dict[str, Any] = {
            "folders": [self.cases],
            "model": "recorded",
            "known_failures": self.known,
            "cassettes": self.cassettes,
        }
        return await run_command(
            Asked(**(asked | options)), houses or AskingHouses(), **self._consoles()
        )

    def _consoles(self) -> dict[str, Console]:
        return {
            "out": Console(file=self.out, width=200),
            "errors": Console(file=self.errors, width=200),
        }


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncGenerator[Studio]:
    async with running_providers(saying("Bonjour, très chère école")) as provider:
        yield Studio(tmp_path, provider)


@pytest.fixture
async def recorded(studio: Studio, no_network: Callable[[], None]) -> Studio:
    """A studio whose provider is away, with a cassette of it."""
    assert await studio.record() == 0
    await studio.provider.stop()
    no_network()
    return studio


async def test_a_recording_is_french_that_can_be_read(studio: Studio) -> None:
    assert await studio.record() == 0

    text = studio.cassette.read_text("utf-8")
    assert "content: à bientôt, Zoé ?" in text
    assert "text: Bonjour, très chère école" in text
    assert "anthropic/hello: recorded" in studio.printed


async def test_a_recording_says_where_it_comes_from(studio: Studio) -> None:
    await studio.record()

    [file] = read_cassettes(studio.cassettes)
    held = file.cassette
    assert (held.synthetic, held.provider, held.model, held.case) == (
        True,
        "anthropic",
        "claude-haiku-4-5",
        "hello",
    )
    urls = {each.asked.url for each in held.exchanges}
    assert urls == {"https://api.anthropic.com/v1/messages"}


async def test_a_recording_holds_no_header_with_a_secret(studio: Studio) -> None:
    await studio.record()

    text = studio.cassette.read_text("utf-8").casefold()
    for secret in ("clef-de-la-maison", "x-api-key", "cookie", "authorization"):
        assert secret not in text


async def test_ids_and_times_are_the_same_in_each_recording(studio: Studio) -> None:
    await studio.record()
    first = read_cassettes(studio.cassettes)[0].cassette.exchanges
    await studio.record()

    assert read_cassettes(studio.cassettes)[0].cassette.exchanges == first
    metadata = first[1].asked.body["metadata"]
    assert metadata == {"call": "pyd_ai_1", "since": "2026-11-23T10:00:00+00:00"}


async def test_a_secret_in_an_answer_is_not_written(studio: Studio) -> None:
    studio.provider.script = saying("bonjour, clef-de-la-maison !")

    assert await studio.record() == 1

    assert not studio.cassette.exists()
    assert "the value of ANTHROPIC_API_KEYS would be written" in studio.printed
    assert "clef-de-la-maison" not in studio.printed


async def test_a_secret_in_a_request_is_not_written(studio: Studio) -> None:
    assert await studio.record(STAFF_PASSWORD="à bientôt, Zoé") == 1
    assert "the value of STAFF_PASSWORD would be written" in studio.printed


async def test_an_earlier_cassette_stays_when_a_recording_is_refused(
    studio: Studio,
) -> None:
    await studio.record()
    before = studio.cassette.read_text("utf-8")
    studio.provider.script = saying("Au revoir")

    assert await studio.record() == 1

    assert studio.cassette.read_text("utf-8") == before
    assert "not recorded: turn 1: expected one of [bonjour]" in studio.printed


async def test_a_conversation_that_another_served_is_not_kept(studio: Studio) -> None:
    assert await studio.record(ANTHROPIC_API_KEYS="clef:500") == 1

    assert not studio.cassette.exists()
    assert "offline answered, since anthropic did not" in studio.printed


async def test_people_who_may_be_real_are_not_recorded(studio: Studio) -> None:
    (studio.world / "INVENTED").unlink()

    assert await studio.record() == 2

    assert studio.provider.asked == []
    assert "hello: only invented people are recorded" in studio.printed


async def test_a_trusted_provider_is_recorded_as_if_it_were_none(
    studio: Studio,
) -> None:
    houses = AskingHouses()
    asked = AskedToRecord(
        provider="anthropic",
        environment=environment(
            studio.provider.base_url("anthropic"), ANTHROPIC_TRUSTED="true"
        ),
        folders=[studio.cases],
        cassettes=studio.cassettes,
    )
    await record_command(asked, houses)

    assert houses.worlds[0].variables["ANTHROPIC_TRUSTED"] == ""


async def test_a_cassette_is_played_without_a_network(recorded: Studio) -> None:
    assert await recorded.run() == 0

    assert "anthropic/hello" in recorded.printed
    assert "1 of 1 cases pass with the model recorded" in recorded.printed


async def test_a_cassette_can_be_played_again_and_again(recorded: Studio) -> None:
    assert await recorded.run(repeat=3) == 0


async def test_a_changed_request_fails_and_shows_how_it_changed(
    recorded: Studio,
) -> None:
    assert await recorded.run(AskingHouses(adds=" (nouveau)")) == 1

    assert "turn 1: request 1 differs from the recorded one:" in recorded.printed
    lines = ["".join(line.split()) for line in recorded.printed.splitlines()]
    assert '-"content":"bonjour",' in lines
    assert '+"content":"bonjour(nouveau)",' in lines


async def test_a_failover_does_not_hide_that_the_provider_was_silent(
    recorded: Studio,
) -> None:
    file = recorded.cassette
    content = yaml.safe_load(file.read_text("utf-8"))
    content["exchanges"][0]["answered"]["status"] = 529
    file.write_text(yaml.safe_dump(content), "utf-8")

    assert await recorded.run() == 1
    assert "turn 1: offline answered, since anthropic did not" in recorded.printed


async def test_a_recorded_request_that_never_came_fails(recorded: Studio) -> None:
    short = case(id="hello", turns=TWO_TURNS["turns"][:1])
    write_cases(recorded.folder, short)

    assert await recorded.run() == 1
    assert "end: only 1 of 2 recorded requests came" in recorded.printed


async def test_a_request_more_than_recorded_fails(recorded: Studio) -> None:
    more = [*TWO_TURNS["turns"], {"say": "encore"}]
    write_cases(recorded.folder, case(id="hello", turns=more))

    assert await recorded.run() == 1
    assert "turn 3: request 3 was not recorded" in recorded.printed


async def test_what_a_case_expects_is_asked_of_a_cassette_too(
    recorded: Studio,
) -> None:
    write_cases(recorded.folder, {**TWO_TURNS, "end": {"handoffs": 3}})

    assert await recorded.run() == 1
    assert "end: handoffs should be 3, is 0" in recorded.printed


async def test_a_case_without_a_cassette_is_named(recorded: Studio) -> None:
    write_cases(recorded.folder, TWO_TURNS, case(id="never-recorded"))

    assert await recorded.run() == 0
    assert "not played, no cassette: never-recorded" in recorded.printed


async def test_cases_without_any_cassette_are_wrong_use(recorded: Studio) -> None:
    write_cases(recorded.folder, case(id="never-recorded"))

    assert await recorded.run() == 2
    assert "none of these cases has a cassette" in recorded.printed


async def test_a_provider_is_asked_live_and_nothing_is_kept(studio: Studio) -> None:
    live = environment(studio.provider.base_url("anthropic"))

    assert await studio.run(model="live:anthropic", environment=live) == 0

    assert [asked.last_text for asked in studio.provider.asked] == [
        "bonjour",
        "à bientôt, Zoé ?",
    ]
    assert not studio.cassettes.exists()


async def test_a_live_run_fails_when_somebody_else_answered(studio: Studio) -> None:
    dead = environment(studio.provider.base_url("anthropic"), ANTHROPIC_API_KEYS="500")

    assert await studio.run(model="live:anthropic", environment=dead) == 1
    assert "turn 1: offline answered, since anthropic did not" in studio.printed
