"""A student's text, code, Markdown and HTML as markup that cannot act and hides no character.

Sanitising is done by ammonia, through its binding nh3; this module only says what is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from autograder.printable import printable
from autograder.reporting.formulas import Draw, formula
from autograder.reporting.pictures import KINDS, PictureLeftOut, data_address

MAX_CODE = 40_000
MAX_PROSE = 40_000
MAX_HTML = 200_000

# What pandas, scikit-learn and honest prose need. No links, forms, frames, pictures or styles: a table may not cover
# the page, lead anywhere or tell anyone that it was opened.
_TEXT_TAGS = {"b", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "kbd", "p"}
_MORE_TEXT_TAGS = {"pre", "s", "small", "span", "strong", "sub", "sup", "u", "var", "dd", "dl", "dt", "li", "ol", "ul"}
_TABLE_TAGS = {"caption", "col", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"}
ALLOWED_TAGS = frozenset(_TEXT_TAGS | _MORE_TEXT_TAGS | _TABLE_TAGS)
_ATTRIBUTES = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}, "ol": {"start"}}
_DROPPED_WITH_CONTENT = {"script", "style", "iframe", "object", "embed", "noscript", "template", "svg", "math", "title"}
_SPAN = re.compile(r"[1-9]\d{0,2}")
_PRIVATE = re.compile("[\ue000\ue001]")
_MARK = re.compile("\ue000(\\d+)\ue001")
_MAX_INSERTIONS = 100


def safe_html(fragment: str) -> Markup:
    """The fragment with nothing but tables and text formatting in it."""
    return _sanitised(printable(fragment, lines=True))


def _sanitised(fragment: str) -> Markup:
    return Markup(
        nh3.clean(
            fragment,
            tags=set(ALLOWED_TAGS),
            clean_content_tags=_DROPPED_WITH_CONTENT,
            attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
            # A cell that spans a million rows stops a browser.
            attribute_filter=lambda _tag, name, value: value if name == "scope" or _SPAN.fullmatch(value) else None,
            url_schemes=set(),
        )
    )


@lru_cache(maxsize=2048)
def code(source: str) -> Markup:
    """Python source, highlighted; cut where it is longer than anyone reads.

    Highlighting takes most of the time of a page, and much of a class's code is the same: so it is remembered.
    """
    shown, note = cut(printable(source, lines=True), MAX_CODE)
    return Markup('<pre tabindex="0"><code>{}</code></pre>{}').format(
        Markup(highlight(shown, _lexer(), _formatter())), note
    )


def prose(text: str, attachments: Mapping[str, Any] | None = None, draw: Draw = formula) -> Markup:
    """Markdown with formulas; raw HTML stays text, links become text.

    Args:
        attachments: the cell's own, as in nbformat: pictures by file name and media type. No other picture is shown.
        draw: how a formula is set, given its TeX and whether it has a line of its own.
    """
    shown, note = cut(printable(text, lines=True), MAX_PROSE)
    rendered, insertions = _rendered(shown, attachments or {}, draw)
    return Markup(_MARK.sub(lambda found: str(insertions[int(found[1])]), str(_sanitised(rendered)))) + note


def cut(text: str, characters: int) -> tuple[str, Markup]:
    """The beginning of a text, and a note where there is more."""
    if len(text) <= characters:
        return text, Markup()
    return text[:characters], Markup('<p class="note">Cut here: {} more characters.</p>').format(len(text) - characters)


def _rendered(text: str, attachments: Mapping[str, Any], draw: Draw) -> tuple[str, list[Markup]]:
    """HTML with a numbered mark in the place of each formula and picture, and what belongs there.

    The marks use characters that are taken out of the text first. So the sanitiser sees none of our own markup and
    need not let any drawing or picture pass.
    """
    insertions: list[Markup] = []

    def mark(insertion: Markup) -> str:
        insertions.append(insertion)
        return f"\ue000{len(insertions) - 1}\ue001"

    def drawn(content: str, options: Mapping[str, Any]) -> str:
        if len(insertions) >= _MAX_INSERTIONS:
            return f"<code>{escape(content)}</code>"
        return mark(draw(content, bool(options["display_mode"])))

    def picture(_renderer: RendererHTML, tokens: list[Token], index: int, _options: Any, _env: Any) -> str:
        token = tokens[index]
        return mark(_attached(str(token.attrs.get("src", "")), token.content, attachments))

    markdown = _markdown(drawn)
    markdown.add_render_rule("image", picture)
    return markdown.render(_PRIVATE.sub("", text)), insertions


def _markdown(draw: Callable[[str, Mapping[str, Any]], str]) -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table")
    markdown.disable(["link", "autolink", "reference"])
    markdown.use(dollarmath_plugin, renderer=draw, allow_labels=False, double_inline=True)
    return markdown


def _attached(source: str, alt: str, attachments: Mapping[str, Any]) -> Markup:
    """An attached picture, or a note in its place."""
    name = unquote(source.removeprefix("attachment:"))
    kinds = attachments.get(name) if source.startswith("attachment:") else None
    for kind, content in kinds.items() if isinstance(kinds, dict) else ():
        if kind in KINDS and isinstance(content, str):
            try:
                return Markup('<img src="{}" alt="{}">').format(
                    data_address(kind, content), alt or "A picture in the answer."
                )
            except PictureLeftOut as reason:
                return Markup('<span class="note">{}</span>').format(str(reason))
    return Markup('<span class="note">[{}: a picture that is not in the notebook]</span>').format(alt or "picture")


@cache
def _lexer() -> PythonLexer:
    return PythonLexer(stripnl=False)


@cache
def _formatter() -> HtmlFormatter:
    return HtmlFormatter(nowrap=True)


def plain(text: str) -> Markup:
    """Text as it is, in a block of fixed-width letters."""
    return Markup('<pre tabindex="0">{}</pre>').format(printable(text, lines=True))
