"""Telephone numbers: every spelling of a known one, and new ones in running text."""

import re

HOME_COUNTRY = "221"  # Senegal: numbers that are written without a country
_SHORTEST = 6  # digits: below, it is a number like others

# ITU-T E.164, list of country codes, 2016-12: one or two digits, all others three.
_COUNTRY = re.compile(
    r"1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3}"
)
_LENGTHS = {"221": 9, "33": 9, "1": 10}  # digits after the country code
_AT_HOME = re.compile(r"(?:7[015678]|3[03])\d{7}")
_FRENCH = re.compile(r"0[1-9]\d{8}")
_LONGEST = 15  # E.164

_START = re.compile(r"(?<!\d)(?:\+\s?|\(\+?)?\d")
_GROUP = re.compile(r"\d+")
_GAP = re.compile(r"(?:[^\S\n\r]|[.\-‐-―−/()]){0,4}")
_PLUS = re.compile(r"[+＋]\s?$")
_OPENED = re.compile(r"\(\s?[+＋]?\s?$")
_MONEY = re.compile(r"\s*(?:f|fr|frs|francs?|f?cfa|xof|eur|euros?|€)\b", re.IGNORECASE)


def phone_keys(phone: str) -> frozenset[str]:
    """The digits of a number as people write it, with and without its country."""
    digits = "".join(_GROUP.findall(phone))
    if len(digits) < _SHORTEST:
        return frozenset()
    full = _international(digits, has_plus=phone.strip().lstrip("(")[:1] in ("+", "＋"))
    if full is None:
        national = digits.removeprefix("0")
        return frozenset({digits, national, f"0{national}"})
    country = _country_of(full)
    national = full[len(country) :].removeprefix("0")
    spelt = {f"{country}{national}", f"00{country}{national}", f"{country}0{national}"}
    if len(national) >= _SHORTEST:
        spelt |= {national, f"0{national}"}
    return frozenset(spelt)


def phones_in(text: str) -> list[str]:
    """What is surely a telephone number: no date, amount, hour or year."""
    found: list[str] = []
    place = 0
    while start := _START.search(text, place):
        end = _end_of_phone(text, start.start(), start.end() - 1)
        if end:
            found.append(text[start.start() : end].strip("() "))
        place = end or start.end()
    return found


def start_with_sign(text: str, start: int, end: int) -> int:
    """Where a number begins when its "+", or the "(" that it closes, is counted in."""
    closes_more = text.count(")", start, end) > text.count("(", start, end)
    sign = _OPENED if closes_more else _PLUS
    before = sign.search(text, max(0, start - 4), start)
    return before.start() if before else start


def _end_of_phone(text: str, start: int, digits_at: int) -> int | None:
    """Where the longest number that begins here ends."""
    groups: list[str] = []
    best: int | None = None
    place = digits_at
    while group := _GROUP.match(text, place):
        groups.append(group[0])
        if len("".join(groups)) > _LONGEST + 2:
            break
        place = group.end()
        if _is_phone(
            groups, has_plus="+" in text[start:digits_at]
        ) and not _MONEY.match(text, place):
            best = place
        gap = _GAP.match(text, place)
        place = gap.end() if gap else place
    return best


def _is_phone(groups: list[str], *, has_plus: bool) -> bool:
    digits = "".join(groups)
    if has_plus or digits.startswith("00"):
        full = digits.removeprefix("00")
        country = _country_of(full)
        wanted = _LENGTHS.get(country)
        national = full[len(country) :].removeprefix("0")
        return len(national) == wanted if wanted else 8 <= len(full) <= _LONGEST
    if digits.startswith(HOME_COUNTRY) and len(digits) == 12:
        return bool(_AT_HOME.fullmatch(digits[3:]))
    # Groups of one digit are a date and an hour: "7 12 2026 16".
    if min(len(group) for group in groups) < 2:
        return False
    return bool(_AT_HOME.fullmatch(digits) or _FRENCH.fullmatch(digits))


def _international(digits: str, *, has_plus: bool) -> str | None:
    """The number with its country code, or None when it is not known to have one."""
    if has_plus:
        return digits
    if digits.startswith("00"):
        return digits.removeprefix("00")
    if _AT_HOME.fullmatch(digits):
        return f"{HOME_COUNTRY}{digits}"
    return digits if len(digits) > 10 else None


def _country_of(full: str) -> str:
    found = _COUNTRY.match(full)
    return found[0] if found else ""
