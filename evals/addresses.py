"""Where each provider really is, and what its variables say instead."""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from agent.providers import BUILT_IN, PROVIDERS, read_order

from .errors import NotKept, WrongUse

# Variable -> the address that the provider's own SDK would take without it.
ADDRESSES: Mapping[str, Mapping[str, str]] = {
    "zai": {
        "ZAI_BASE_URL": "https://api.z.ai/api/anthropic",
        "ZAI_OPENAI_BASE_URL": "https://api.z.ai/api/paas/v4",
    },
    "anthropic": {"ANTHROPIC_BASE_URL": "https://api.anthropic.com"},
    "gemini": {"GEMINI_BASE_URL": "https://generativelanguage.googleapis.com"},
    "openrouter": {"OPENROUTER_BASE_URL": "https://openrouter.ai/api/v1"},
    "openai": {"OPENAI_BASE_URL": "https://api.openai.com/v1"},
}


def variables_for(provider: str, environment: Mapping[str, str]) -> dict[str, str]:
    """The variables of a house that this provider alone serves.

    Raises:
        WrongUse: there is no such provider, or a variable is missing; names it.
    """
    if provider not in PROVIDERS:
        known = ", ".join(PROVIDERS)
        raise WrongUse(f"{provider or 'nothing'} is no provider; there are: {known}")
    prefix = f"{provider.upper()}_"
    own = {name: text for name, text in environment.items() if name.startswith(prefix)}
    try:
        read_order((provider, BUILT_IN), own)
    except ValueError as error:
        raise WrongUse(str(error)) from error
    return {**own, "PROVIDERS": provider}


def variables_of_replay(provider: str, model: str) -> dict[str, str]:
    """The variables of a house that a cassette serves: nobody's key, no other host."""
    prefix = provider.upper()
    return {
        "PROVIDERS": provider,
        f"{prefix}_API_KEYS": "replayed",
        f"{prefix}_MODEL": model,
        # Set, or the SDK would look into the environment of the process.
        **ADDRESSES[provider],
    }


def own_address(url: str, *, provider: str, variables: Mapping[str, str]) -> str:
    """The URL as it would be at the provider itself.

    Raises:
        NotKept: it is neither there nor at the address that was given instead.
    """
    for variable, real in ADDRESSES[provider].items():
        for base in (variables.get(variable, "").rstrip("/"), real):
            if base and (url == base or url.startswith(f"{base}/")):
                return f"{real}{url.removeprefix(base)}"
    host = urlsplit(url).hostname
    raise NotKept(f"{host} was asked, which is no address of {provider}")


def is_stand_in(provider: str, variables: Mapping[str, str]) -> bool:
    """Whether this machine answers in the provider's place."""
    given = (variables.get(variable, "") for variable in ADDRESSES[provider])
    return any(_is_this_machine(urlsplit(url).hostname or "") for url in given)


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
