import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.light_markdown import spans
from channels.telegram_dialect import to_telegram_html
from channels.waha_dialect import to_whatsapp

SAMPLES = [
    ("Bonjour", "Bonjour", "Bonjour"),
    ("**Samedi** à 16 h", "*Samedi* à 16 h", "<b>Samedi</b> à 16 h"),
    (
        "Voir [la page](https://exemple.sn/p/a?b=1&c=2).",
        "Voir la page : https://exemple.sn/p/a?b=1&c=2.",
        'Voir <a href="https://exemple.sn/p/a?b=1&amp;c=2">la page</a>.',
    ),
    (
        "[https://exemple.sn](https://exemple.sn)",
        "https://exemple.sn",
        '<a href="https://exemple.sn">https://exemple.sn</a>',
    ),
    ("## Les **tarifs**\n10 €", "*Les tarifs*\n10 €", "<b>Les tarifs</b>\n10 €"),
    (
        "**voir [ici](http://a.sn) !**",
        "*voir* *ici* : http://a.sn *!*",
        '<b>voir </b><b><a href="http://a.sn">ici</a></b><b> !</b>',
    ),
    ("2 < 3 & 4 > 1", "2 < 3 & 4 > 1", "2 &lt; 3 &amp; 4 &gt; 1"),
    ("5 ** 2 ** 1, *seul*", "5 ** 2 ** 1, *seul*", "5 ** 2 ** 1, *seul*"),
    (
        "[clic](javascript:alert(1))",
        "[clic](javascript:alert(1))",
        "[clic](javascript:alert(1))",
    ),
    ("<b>&lt;", "<b>&lt;", "&lt;b&gt;&amp;lt;"),
]


@pytest.mark.parametrize(("said", "on_whatsapp", "_"), SAMPLES)
def test_whatsapp_shows_bold_and_the_whole_link(
    said: str, on_whatsapp: str, _: str
) -> None:
    assert to_whatsapp(said) == on_whatsapp


@pytest.mark.parametrize(("said", "_", "on_telegram"), SAMPLES)
def test_telegram_is_given_html_in_which_only_our_tags_are_tags(
    said: str, _: str, on_telegram: str
) -> None:
    assert to_telegram_html(said) == on_telegram


@given(st.text(alphabet="ab *[]()#<>&\n:/htps.é€😀"))
def test_whatever_is_said_telegram_can_parse_it_and_nothing_is_lost(said: str) -> None:
    html = to_telegram_html(said)

    tags = re.findall(r"<[^>]*>", html)
    assert all(re.fullmatch(r'</?b>|</a>|<a href="[^"<>]*">', tag) for tag in tags)
    assert tags.count("<b>") == tags.count("</b>")
    assert sum(t.startswith("<a ") for t in tags) == tags.count("</a>")
    plain = unescape(re.sub(r"<[^>]*>", "", html))
    assert plain == "".join(span.text for span in spans(said))


@given(st.text(alphabet="ab *[]()#\n", max_size=60))
def test_only_markup_disappears_from_a_text(said: str) -> None:
    shown = "".join(span.text for span in spans(said))

    markup = re.compile(r"[*# \t]+")
    assert markup.sub("", shown) == markup.sub("", said)
