"""What the environment says of the providers, and how what is wrong is told."""

import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.providers import PROVIDERS, ProviderParts, open_providers, read_order
from agent.providers.settings import read_accounts, read_provider
from memory.redis_link import RedisLink
from tests.counterparts.providers import ProviderCounterpart

from .kitchen import ADDRESSES, MODEL_NAMES, NOW, chain_of

KEY = "sk-never-shown-4417"
WELL = {"ZAI_API_KEYS": KEY, "ZAI_MODEL": "glm-4.6"}
NAMES = st.text("abcdefgh123", min_size=1, max_size=3)
KEYS = st.text("klmnopqr-_.", min_size=4, max_size=8)


def accounts_of(text: str) -> dict[str, tuple[str, ...]]:
    return {account.name: account.keys for account in read_accounts(text)}


def test_keys_are_grouped_by_account_and_the_others_stand_alone() -> None:
    assert accounts_of("a:k1, b:k2 ,a:k3,k4,,a:k1") == {
        "a": ("k1", "k3"),
        "b": ("k2",),
        "1": ("k4",),
    }


def test_an_account_that_is_called_by_a_number_is_not_taken_for_another() -> None:
    assert accounts_of("2:of-two,first,second") == {
        "2": ("of-two",),
        "1": ("first",),
        "3": ("second",),
    }


@given(st.lists(st.tuples(st.one_of(st.none(), NAMES), KEYS), max_size=8))
def test_no_key_is_lost_and_a_key_alone_shares_its_account_with_nobody(
    entries: list[tuple[str | None, str]],
) -> None:
    text = ",".join(key if name is None else f"{name}:{key}" for name, key in entries)
    accounts = read_accounts(text)

    kept = [key for account in accounts for key in account.keys]
    assert set(kept) == {key for _, key in entries}
    alone = [key for name, key in entries if name is None]
    of_nobody = [a for a in accounts if a.name not in {name for name, _ in entries}]
    assert sorted(key for a in of_nobody for key in a.keys) == sorted(alone)
    assert all(len(account.keys) == 1 for account in of_nobody)


def test_everything_that_a_provider_may_be_told_is_read() -> None:
    told = read_provider(
        "openai",
        {
            "OPENAI_API_KEYS": "a:k1,k2",
            "OPENAI_MODEL": "big",
            "OPENAI_CHEAP_MODEL": "small",
            "OPENAI_BASE_URL": "https://models.example/v1/",
            "OPENAI_TRUSTED": "True",
        },
    )

    assert (told.model, told.cheap_model) == ("big", "small")
    assert told.base_url == "https://models.example/v1"
    assert told.is_trusted
    assert [account.name for account in told.accounts] == ["a", "1"]


def test_a_provider_is_trusted_only_when_it_is_said() -> None:
    assert not read_provider("zai", WELL).is_trusted
    assert not read_provider("zai", {**WELL, "ZAI_TRUSTED": "off"}).is_trusted


@pytest.mark.parametrize(
    ("order", "environment", "named", "expected"),
    [
        ("zay,offline", {}, "PROVIDERS", "zai"),
        ("", {}, "PROVIDERS", "offline"),
        ("zai,zai,offline", WELL, "PROVIDERS", "once"),
        ("offline,offline", {}, "PROVIDERS", "once"),
        ("offline,zai", WELL, "PROVIDERS", "last"),
        ("zai", {"ZAI_MODEL": "m"}, "ZAI_API_KEYS", "a key is expected"),
        ("zai", {**WELL, "ZAI_API_KEYS": " , "}, "ZAI_API_KEYS", "a key is expected"),
        ("zai", {**WELL, "ZAI_API_KEYS": f"{KEY}:"}, "ZAI_API_KEYS", "account:key"),
        ("zai", {**WELL, "ZAI_API_KEYS": f"{KEY}:,k"}, "ZAI_API_KEYS", "account:key"),
        ("zai", {"ZAI_API_KEYS": KEY}, "ZAI_MODEL", "one of its models"),
        *(
            ("zai", {**WELL, "ZAI_BASE_URL": url}, "ZAI_BASE_URL", "https://host/path")
            for url in (
                f"api.{KEY}.example",
                f"ftp://{KEY}.example",
                f"https://{KEY}.example:port",
                "https://",
                f"http://[{KEY}",
            )
        ),
        ("zai", {**WELL, "ZAI_TRUSTED": f"{KEY}"}, "ZAI_TRUSTED", "true or false"),
    ],
)
def test_what_is_wrong_is_named_explained_and_not_repeated(
    order: str, environment: dict[str, str], named: str, expected: str
) -> None:
    names = tuple(part for part in order.split(",") if part)
    with pytest.raises(ValueError, match=expected) as refused:
        read_order(names, environment)

    told = "".join(traceback.format_exception(refused.value))
    assert str(refused.value).startswith(f"{named}: ")
    assert KEY not in told


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_provider_asks_for_its_own_variables(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name.upper()}_API_KEYS: "):
        read_order((name,), {})
    with pytest.raises(ValueError, match=f"{name.upper()}_MODEL: "):
        read_order((name,), {f"{name.upper()}_API_KEYS": KEY})


def test_the_built_in_model_may_be_left_out_of_the_list() -> None:
    assert [one.name for one in read_order(("zai", "offline"), WELL)] == ["zai"]
    assert read_order(("zai",), WELL) == read_order(("zai", "offline"), WELL)


async def test_a_provider_that_is_not_configured_is_refused_before_anything_is_built() -> (
    None
):
    parts = ProviderParts(environment={}, profiles={}, encoder=None, now=lambda: NOW)
    with pytest.raises(ValueError, match="ANTHROPIC_API_KEYS"):
        async with open_providers(["anthropic"], parts):
            pass


@pytest.mark.parametrize("variable", ["OPENROUTER_MODEL", "OPENROUTER_CHEAP_MODEL"])
async def test_a_name_that_no_model_can_have_is_refused_at_the_start(
    counterpart: ProviderCounterpart, variable: str
) -> None:
    with pytest.raises(ValueError, match=f"^{variable}: ") as refused:
        async with chain_of(counterpart, {"openrouter": KEY}, more={variable: "glm"}):
            pass

    assert KEY not in str(refused.value)


@pytest.mark.parametrize("name", PROVIDERS)
async def test_no_key_stands_in_the_repr_of_anything_that_holds_it(
    counterpart: ProviderCounterpart, name: str
) -> None:
    environment = {
        **{variable: counterpart.base_url(at) for variable, at in ADDRESSES.items()},
        **MODEL_NAMES,
        f"{name.upper()}_API_KEYS": f"ours:{KEY}",
        "OPENROUTER_MANAGEMENT_KEY": KEY,
    }
    parts = ProviderParts(
        environment=environment,
        profiles={},
        encoder=None,
        now=lambda: NOW,
        redis=RedisLink(f"redis://:{KEY}@127.0.0.1:1/0"),
    )
    async with chain_of(counterpart, {name: f"ours:{KEY}"}) as chain:
        await chain.says("Bonjour")
        assert chain.keys_asked == [KEY]
        shown = [
            *(chain.providers.model, *chain.providers.routes, chain.providers, parts),
            *(c for r in chain.providers.routes for c in r.candidates(cheap=False)),
            *(
                c.model
                for r in chain.providers.routes
                for c in r.candidates(cheap=False)
            ),
            *(chain.providers.order, chain.calls, await chain.providers.gates.states()),
        ]

    assert KEY not in "".join(map(repr, shown))


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize("fault", ["401", "429", "500", "html", "drop"])
async def test_no_key_stands_in_what_is_told_of_a_fault(
    counterpart: ProviderCounterpart,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    *,
    name: str,
    fault: str,
) -> None:
    caplog.set_level("DEBUG")
    key = f"{KEY}:{fault}"
    async with chain_of(counterpart, {name: f"ours:{key}"}) as chain:
        await chain.says("Bonjour")
        told = repr(chain.troubles) + repr(chain.calls)

    assert chain.outcomes[0].startswith(f"{name}:")
    assert KEY not in "".join(capfd.readouterr()) + caplog.text + told
