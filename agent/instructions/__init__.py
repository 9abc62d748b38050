"""What the agent is told: Markdown for people who do not program, by role."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic_ai import RunContext

from tools.context import Role, ToolContext
from tools.profile import Profile

_HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Instructions:
    """The texts of each role, and what changes from turn to turn."""

    by_role: Mapping[Role, str]
    now: Callable[[], datetime]
    timezone: ZoneInfo

    def of_this_turn(self, ctx: RunContext[ToolContext]) -> str:
        """What changes: after the text of the role, which providers can then keep."""
        today = self.now().astimezone(self.timezone)
        state = [f"Now: {today:%A %d %B %Y, %H:%M} ({self.timezone.key})."]
        if ctx.deps.session.parent:
            state.append(
                "The contact has proved a parent code in this session. Their tools show"
                " their own children only."
            )
        if ctx.deps.is_waiting_for_human:
            state.append("A human was already asked for; they will come.")
        return "# This turn\n\n" + "\n".join(state)


def read_instructions(
    profiles: Mapping[str, Profile], *, now: Callable[[], datetime], timezone: ZoneInfo
) -> Instructions:
    """The Markdown beside this file, and what a code would open in this world."""
    common = _text("common")
    opened = "\n".join(
        f"- {action.description}"
        for profile in profiles.values()
        if profile.requires == "parent_code"
        for action in profile.actions
    )
    visitor = _text("visitor") + (
        f"\n\nWith a parent code:\n{opened}" if opened else ""
    )
    texts: dict[Role, str] = {
        "visitor": f"{common}\n\n{visitor}",
        "parent": f"{common}\n\n{_text('parent')}",
        "admin": f"{common}\n\n{_text('admin')}",
    }
    return Instructions(by_role=texts, now=now, timezone=timezone)


def _text(name: str) -> str:
    return (_HERE / f"{name}.md").read_text(encoding="utf-8").strip()
