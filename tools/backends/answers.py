"""What an answer looks like: a price holds an amount, a time holds an hour."""

import re
from collections.abc import Sequence

from ..folding import fold

_DAY = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
_MONTH = (
    "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre"
    "|decembre|january|february|march|april|may|june|july|august|september|october"
    "|november|december"
)
_PRICE = re.compile(
    r"\d\s*(?:f\b|f\.|f?\s?cfa|francs?|euros?|€|\$|usd)|(?:€|\$)\s*\d|\bgratuit"
    r"|\bfree\b|\b(?:prix|tarif|montant)\b.*\b(?:fixe|annonce|communique)"
)
_OF_PRICES = re.compile(
    r"\b(?:prix|tarifs?|montants?|couts?|prices?|fees?|f ?cfa|fcfa)\b|€"
)
_AMOUNT = re.compile(
    r"(?<![\d:/])\b\d{1,3}(?:[ .]\d{3})+\b|(?<![\d:/])\b(?!20\d\d\b)\d{1,6}\b(?!\s*(?:h|ans|min|[:/]))"
)
_TIME = re.compile(r"\b\d{1,2}\s*(?:h\b|h\d\d|:\d\d)|\bmidi\b|\b\d{1,2}\s*[ap]m\b")
_DATE = re.compile(
    rf"\b(?:{_DAY}|monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?\b"
    rf"|\b(?:{_MONTH})\b|\b\d\d?/\d\d?\b|\b20\d\d-\d\d-\d\d\b"
)
# "The door closes 15 minutes after the beginning" says when.
_DELAY = re.compile(
    r"\b(?:minutes?|jours?|semaines?|mois|days?|weeks?|months?)\s+"
    r"(?:apres|avant|after|before)\b"
)
_REDUCTION = re.compile(
    r"\d\s*%|\bde moins\b(?! de)|\bmoins \d+\s*(?:%|f|€)|\bque la moitie\b|\bmoitie (?:prix|tarif)|\bdemi-tarif\b"
    r"|\breduit"
)
_PAPERS = re.compile(
    r"\b(?:extraits?|actes? de|certificats?|attestations?|photocopies?|formulaires?"
    r"|photos? d'identite|pieces? d'identite|carte d'identite|fiche d|certificates?)\b"
)
_PHONE = re.compile(r"(?:\+\s?)?\d(?:[\s.-]?\d){7,}")
_MAIL = re.compile(r"\S+@\S+\.\w+")
_ADDRESS = re.compile(
    r"\b(?:rue|avenue|boulevard|bd|route|allee|quartier|angle|en face|bp|villa|lot"
    r"|place d[eu]s?|batiment|immeuble|quai|impasse|chemin|rond-point|carrefour|street|road)\b"
)
_PLACE = re.compile(
    r"\b(?:derriere|devant|salle|site|batiment|centre|terrain|stade|cour|parvis|eglise"
    r"|chapelle|cathedrale|bureau|secretariat|foyer|chez|hall|room)\b"
)
_NAME = re.compile(
    r"\b(?:M|Mme|Mlle|Mr|Mrs|Ms|Dr|Abbé|Père|Sœur|Soeur|Frère)\.?\s+[A-ZÀ-Ý]"
)
_FULL_NAME = re.compile(r"(?<=[a-zé,:(] )[A-ZÀ-Ý][a-zà-ÿ]+ [A-ZÀ-Ý][\wÀ-ÿ]+")
_AGES = re.compile(
    r"\b(?:(\d{1,2})\s*(?:a|-|–|et|to|ou)\s*)?(\d{1,2})\s*(?:ans?|years?)\b"
    r"(\s*(?:et|ou)\s*plus|\s*and\s*(?:over|more|above))?"
)
_FROM_AGE = re.compile(r"\b(?:a partir de|des|plus de|from|au moins)\s+$")
_BELOW_AGE = re.compile(r"\b(?:moins de|jusqu'a|under|up to)\s+$")
_DAY_RANGE = re.compile(rf"\b({_DAY})\s*(?:a|au|-|–)\s*({_DAY})\b")

STRICT = frozenset(
    {"price", "time", "date", "phone", "reach", "age", "reduction", "name", "address"}
)


def kinds_in(text: str, *, about: str = "") -> frozenset[str]:
    """Which kinds of answer a passage could give.

    `about` is what stands above it: under "Prix (F CFA)" a bare number is a price.
    """
    folded = fold(text)
    is_price = bool(_PRICE.search(folded))
    if not is_price and _OF_PRICES.search(fold(about)):
        is_price = bool(_AMOUNT.search(folded))
    has_time = bool(_TIME.search(folded))
    has_phone = bool(_PHONE.search(folded))
    found = {
        "price": is_price,
        "time": has_time,
        "date": has_time or bool(_DATE.search(folded) or _DELAY.search(folded)),
        "phone": has_phone,
        "call": has_phone,
        "reach": has_phone or bool(_MAIL.search(folded)),
        "address": bool(_ADDRESS.search(folded)),
        "place": bool(_ADDRESS.search(folded) or _PLACE.search(folded)),
        "age": bool(_AGES.search(folded)),
        "reduction": bool(_REDUCTION.search(folded)),
        "papers": bool(_PAPERS.search(folded)),
        "person": bool(_NAME.search(text)),
        "name": bool(_NAME.search(text) or _FULL_NAME.search(text)),
        "count": bool(re.search(r"\d", folded)),
    }
    return frozenset(kind for kind, is_there in found.items() if is_there)


def age_fits(age: int, text: str) -> bool:
    """Whether a passage names an age group that holds this age."""
    folded = fold(text)
    return any(_holds(age, found, folded) for found in _AGES.finditer(folded))


def _holds(age: int, found: re.Match[str], folded: str) -> bool:
    low, high = int(found[1] or found[2]), int(found[2])
    before = folded[: found.start()]
    if found[3] or _FROM_AGE.search(before):
        return age >= low
    if _BELOW_AGE.search(before):
        return age < high
    return low <= age <= high


def days_between(text: str) -> list[str]:
    """The days that "du mardi au vendredi" also means: mercredi, jeudi."""
    week = _DAY.split("|")
    between: list[str] = []
    for first, last in _DAY_RANGE.findall(fold(text)):
        start, end = week.index(first), week.index(last)
        span: Sequence[str] = week[start + 1 : end]
        if end <= start:
            span = [*week[start + 1 :], *week[:end]]
        between.extend(span)
    return between
