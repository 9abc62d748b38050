"""A long reply as several messages that are pleasant to read on a phone."""

MAX_CHARS = 1_800  # of one message; WhatsApp and Telegram both refuse above 4096


def split_reply(text: str, *, max_chars: int = MAX_CHARS) -> tuple[str, ...]:
    """The text in parts of at most `max_chars`, cut between paragraphs if possible."""
    parts: list[str] = []
    rest = text.strip()
    while len(rest) > max_chars:
        cut = _last_break(rest, max_chars)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return (*parts, rest) if rest else tuple(parts)


def _last_break(text: str, max_chars: int) -> int:
    for mark in ("\n\n", "\n", ". ", " "):
        cut = text.rfind(mark, max_chars // 2, max_chars)
        if cut > 0:
            return cut + (1 if mark == ". " else 0)
    return max_chars
