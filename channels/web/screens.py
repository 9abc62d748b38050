"""Templates to HTML: escaped always, dates in French, one place for all screens."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from . import french
from .markdown import to_safe_html

HERE = Path(__file__).parent


class Screens:
    """The templates, with the clock and the zone that their dates need."""

    def __init__(self, *, now: Callable[[], datetime], timezone: ZoneInfo) -> None:
        # Jinja's own default is not to escape.
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

        def ago(moment: datetime) -> str:
            return french.ago(moment, now())

        self._templates.filters["ago"] = ago
        self._templates.filters["size"] = french.size
        self._templates.filters["unbroken"] = french.unbroken
        self._templates.filters["light_markdown"] = to_safe_html
        self._templates.filters["clock"] = partial(french.clock, zone=timezone)
        self._templates.filters["day"] = partial(french.day, zone=timezone)
        self._templates.filters["day_and_time"] = partial(
            french.day_and_time, zone=timezone
        )

    def show(
        self,
        template: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> HTMLResponse:
        """One screen."""
        html = self._templates.get_template(template).render(values)
        return HTMLResponse(html, status_code=status, headers=headers)
