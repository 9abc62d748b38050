"""Markdown of a page or a reply to HTML that may be shown to anybody."""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from .french import unbroken

_TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "blockquote"),
    *("ul", "ol", "li", "strong", "em", "code", "pre", "a"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


def to_safe_html(markdown: str) -> Markup:
    """Headings, lists, tables and links; no images, no HTML of the writer.

    An image would tell a stranger who reads the page, and when.
    """
    options = {"html": False, "breaks": True}  # a line break is meant as one
    parser = MarkdownIt("commonmark", options).enable("table")
    clean = nh3.clean(
        parser.render(markdown),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(unbroken(clean))
