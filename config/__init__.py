"""How two installations differ: environment, profiles, worlds, logs and metrics."""

from pathlib import Path

from .settings import Settings, read_environment, read_settings
from .telemetry import set_up_logs

__all__ = ["Settings", "given"]


def given(world: Path | None = None, **overrides: str) -> Settings:
    """The settings of this process, with some fixed by a command; logs are set up.

    Raises:
        WrongSettings: names each wrong variable and what is expected instead.
    """
    if world:
        overrides["WORLD"] = str(world)
    settings = read_settings({**read_environment(), **overrides})
    set_up_logs(log_format=settings.log_format, level=settings.log_level)
    return settings
