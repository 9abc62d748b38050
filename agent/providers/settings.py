"""What the environment says of one provider: accounts, keys, model, address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlsplit

_YES = frozenset({"true", "yes", "1", "on"})
_NO = frozenset({"", "false", "no", "0", "off"})


@dataclass(frozen=True, kw_only=True)
class Account:
    """Whose quota it is, and the secrets that draw on it."""

    name: str
    keys: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ProviderSettings:
    """One provider as an installation configures it."""

    name: str
    accounts: tuple[Account, ...]
    model: str
    cheap_model: str | None = None  # when most of the day's money is spent
    base_url: str | None = None  # None: the provider's own
    is_trusted: bool = False  # a house of ours: personal data may go there
    own: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


def variables_of(name: str) -> tuple[str, ...]:
    """The environment variables of a provider."""
    ends = ("API_KEYS", "MODEL", "CHEAP_MODEL", "BASE_URL", "TRUSTED")
    return tuple(f"{name.upper()}_{end}" for end in ends)


def read_provider(name: str, environment: Mapping[str, str]) -> ProviderSettings:
    """What the environment says of the provider `name`.

    Raises:
        ValueError: a variable is missing or wrong; names it and what is expected.
    """
    prefix = name.upper()

    def given(end: str) -> str:
        return environment.get(f"{prefix}_{end}", "").strip()

    accounts = read_accounts(given("API_KEYS"))
    if any(not account.keys for account in accounts):
        raise ValueError(
            f"{prefix}_API_KEYS: account:key is expected, and an account has no key"
        )
    if not accounts:
        raise ValueError(
            f"{prefix}_API_KEYS: PROVIDERS names {name}, so a key is expected;"
            " several are separated by commas, as account:key where they share one"
        )
    if not given("MODEL"):
        raise ValueError(
            f"{prefix}_MODEL: PROVIDERS names {name}, so the name of one of its models"
            " is expected: see docs/providers.md"
        )
    return ProviderSettings(
        name=name,
        accounts=accounts,
        model=given("MODEL"),
        cheap_model=given("CHEAP_MODEL") or None,
        base_url=_address(f"{prefix}_BASE_URL", given("BASE_URL")),
        is_trusted=_yes_or_no(f"{prefix}_TRUSTED", given("TRUSTED")),
        own={k: v for k, v in environment.items() if k.startswith(f"{prefix}_")},
    )


def read_accounts(text: str) -> tuple[Account, ...]:
    """The accounts of `account:key,account:key,key`, in the order of their first key.

    A key without a name is an account of its own, called by its number.
    """
    keys: dict[str, list[str]] = {}
    entries = [entry.strip() for entry in text.split(",") if entry.strip()]
    named = {entry.partition(":")[0].strip() for entry in entries if ":" in entry}
    numbers = (str(number) for number in count(1) if str(number) not in named)
    for entry in entries:
        account, colon, key = (part.strip() for part in entry.partition(":"))
        if not colon or not account:
            account, key = next(numbers), entry.removeprefix(":").strip()
        of_account = keys.setdefault(account, [])
        if key and key not in of_account:
            of_account.append(key)
    return tuple(Account(name=name, keys=tuple(found)) for name, found in keys.items())


def _address(variable: str, text: str) -> str | None:
    if not text:
        return None
    try:
        parts = urlsplit(text)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        is_good = False
    if not is_good:
        raise ValueError(
            f"{variable}: an address such as https://host/path is expected"
        )
    return text.rstrip("/")


def _yes_or_no(variable: str, text: str) -> bool:
    folded = text.casefold()
    if folded not in _YES | _NO:
        raise ValueError(f"{variable}: true or false is expected")
    return folded in _YES
