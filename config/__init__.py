"""How two installations differ: environment, profiles, worlds, logs and metrics."""

from collections.abc import Mapping
from pathlib import Path

from .settings import Settings, read_environment, read_settings
from .telemetry import set_up_logs

ITS_OWN_TABLES = {"BASEROW_URL": "", "BASEROW_TOKEN": ""}

__all__ = ["Settings", "given", "read_environment"]


def given(
    world: Path | None = None,
    overrides: Mapping[str, str] | None = None,
    *,
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """The settings of this process, with some fixed by a command; logs are set up.

    `environment` instead of this process's own: the evals depend on nobody's `.env`.

    Raises:
        WrongSettings: names each wrong variable and what is expected instead.
    """
    variables = read_environment() if environment is None else environment
    # A world that is named has tables of its own.
    own = {"WORLD": str(world), **ITS_OWN_TABLES} if world else {}
    fixed = {**(overrides or {}), **own}
    settings = read_settings({**variables, **fixed})
    set_up_logs(log_format=settings.log_format, level=settings.log_level)
    return settings
