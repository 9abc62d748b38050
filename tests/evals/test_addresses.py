"""Where providers are: the cassettes know no other host."""

import pytest

from agent.providers import PROVIDERS, openrouter, zai
from agent.providers.settings import variables_of
from evals.addresses import (
    ADDRESSES,
    is_stand_in,
    own_address,
    variables_for,
    variables_of_replay,
)
from evals.errors import NotKept, WrongUse


def test_every_provider_has_its_own_address() -> None:
    assert ADDRESSES.keys() == PROVIDERS.keys()
    assert ADDRESSES["zai"] == {
        "ZAI_BASE_URL": zai.ANTHROPIC_STYLE,
        "ZAI_OPENAI_BASE_URL": zai.OPENAI_STYLE,
    }
    assert ADDRESSES["openrouter"] == {"OPENROUTER_BASE_URL": openrouter.BASE_URL}


def test_only_the_variables_of_the_provider_are_taken() -> None:
    given = {
        "ZAI_API_KEYS": "clef",
        "ZAI_MODEL": "glm",
        "OPENAI_API_KEYS": "autre",
        "PROVIDERS": "openai",
    }

    assert variables_for("zai", given) == {
        "ZAI_API_KEYS": "clef",
        "ZAI_MODEL": "glm",
        "PROVIDERS": "zai",
    }


@pytest.mark.parametrize(
    ("provider", "given", "said"),
    [
        ("offline", {}, "offline is no provider; there are: zai, anthropic"),
        ("gemini", {}, "GEMINI_API_KEYS: "),
        ("gemini", {"GEMINI_API_KEYS": "clef"}, "GEMINI_MODEL: "),
    ],
)
def test_what_is_missing_is_named(
    provider: str, given: dict[str, str], said: str
) -> None:
    with pytest.raises(WrongUse, match=said):
        variables_for(provider, given)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_replay_needs_nothing_of_the_environment(provider: str) -> None:
    variables = variables_of_replay(provider, "a-model")

    assert variables_for(provider, variables) == variables
    assert set(variables) <= {
        "PROVIDERS",
        *variables_of(provider),
        *ADDRESSES[provider],
    }


@pytest.mark.parametrize(
    "asked",
    [
        "http://127.0.0.1:90/v1/chat/completions",
        "https://api.openai.com/v1/chat/completions",
    ],
)
def test_another_address_is_written_as_the_providers_own(asked: str) -> None:
    variables = {"OPENAI_BASE_URL": "http://127.0.0.1:90/v1/"}

    own = own_address(asked, provider="openai", variables=variables)

    assert own == "https://api.openai.com/v1/chat/completions"


def test_a_host_that_nobody_named_is_refused() -> None:
    with pytest.raises(NotKept, match=r"elsewhere\.example was asked"):
        own_address("https://elsewhere.example/v1", provider="openai", variables={})


@pytest.mark.parametrize(
    ("url", "answers_here"),
    [
        ("http://127.0.0.1:90", True),
        ("http://localhost:90/v1", True),
        ("http://[::1]:90", True),
        ("https://llm.house.example/v1", False),
        ("", False),
    ],
)
def test_what_this_machine_answers_is_synthetic(url: str, answers_here: bool) -> None:
    assert is_stand_in("openai", {"OPENAI_BASE_URL": url}) is answers_here
