"""Put the built pages of the book together as one page for print: what a reader clicks is left out."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.filter import SoupStrainer

from autograder.errors import BuildError

# A sentence about the check is worth more on paper than the code that a reader of the screen may unfold.
_FOLDED_CHECK = "The code of this check is in the notebook."
_CONTROLS = (
    "a.headerlink, button, input, select, textarea, script, template, .only-dark, .sd-tab-label, .enlarge-hint, "
    ".in-browser, .drawing-box.narrow"
)
_LABELS = ("aria-labelledby", "aria-describedby")
# Tokens that the style sheet does not colour: names and punctuation. A PDF describes each element by itself, so
# without these it is a third smaller.
_PLAIN_TOKENS = "pre span.n, pre span.p, pre span.w"
# A listing of up to this many lines moves to the next page rather than being cut.
_WHOLE_LINES = 30


@dataclass(frozen=True)
class Part:
    """Pages that the table of contents puts under one caption.

    Attributes:
        caption: empty for what stands before the first part.
        pages: names of pages, without suffix, as in ``_toc.yml``.
    """

    caption: str
    pages: tuple[str, ...]


@dataclass(frozen=True)
class Cover:
    """What the title page says."""

    title: str
    author: str
    edition: str
    year: str
    logo: str = ""


@dataclass(frozen=True)
class Heading:
    """An entry of the table of contents: a chapter, or a section of one."""

    text: str
    anchor: str
    is_chapter: bool


@dataclass(frozen=True)
class PrintPage:
    """The page to print.

    Attributes:
        html: its text.
        headings: the entries of its table of contents, whose page numbers are still missing: the numbers belong
            into the elements ``[data-page-of="<anchor>"]``.
    """

    html: str
    headings: tuple[Heading, ...]


def print_page(built: Path, parts: Sequence[Part], cover: Cover, assets: str, style: str) -> PrintPage:
    """The whole book as one HTML page.

    Anchors get the name of their page in front, so that the "Summary" of each chapter has one of its own, and links
    between pages become links inside. Links to what a print has not, such as downloads, become plain text.

    Args:
        built: the folder of built pages, ``_build/html``.
        assets: where that folder is, seen from the page.
        style: address of the style sheet, seen from the page.

    Raises:
        BuildError: if a page was not built, or has no article.
    """
    known = {page for part in parts for page in part.pages}
    chapters = {page: _chapter(built, page, known, assets) for part in parts for page in part.pages}
    mathematics = next(filter(None, (_mathematics(built, page, assets) for page in chapters)), "")
    headings = {page: tuple(_headings(chapters[page])) for page in chapters}
    body = "\n".join(
        [
            _cover(cover, assets),
            _contents(parts, headings),
            *(str(chapter) for chapter in chapters.values()),
        ]
    )
    running = "\n".join(_running_head(page, headings[page]) for page in chapters)
    html = (
        '<!DOCTYPE html>\n<html lang="en" data-theme="light" data-mode="light">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(cover.title)}</title>\n<style>\n{_screen_styles(built, assets)}\n</style>\n"
        f'<link rel="stylesheet" href="{style}">\n<style>\n{running}\n</style>\n{mathematics}\n</head>\n'
        f"<body>\n{body}\n</body>\n</html>\n"
    )
    return PrintPage(html, tuple(heading for page in chapters for heading in headings[page]))


def _parsed(built: Path, page: str, part: str) -> BeautifulSoup:
    """The elements called ``part`` of a built page; the navigation around them is not worth the time."""
    path = built / f"{page}.html"
    if not path.is_file():
        raise BuildError(f"{path} is missing, though _toc.yml lists {page!r}. Build the book again.")
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser", parse_only=SoupStrainer(part))


def _screen_styles(built: Path, assets: str) -> str:
    """The colours of code and the book's own rules, in a layer: whatever the style sheet for print says wins."""
    sheets = (name for name in ("pygments.css", "custom.css") if (built / "_static" / name).is_file())
    return "\n".join(f'@import url("{assets}/_static/{name}") layer(screen);' for name in sheets)


def _mathematics(built: Path, page: str, assets: str) -> str:
    """The scripts that set formulas, with their settings, as a built page has them; none if it has no formulas."""
    scripts, sets = [], False
    for script in _parsed(built, page, "script").select("script"):
        source = str(script.get("src", ""))
        if "mathjax" in source:
            script["src"] = _asset(page, source, assets)
            scripts.append(str(script))
            sets = True
        elif script.get_text().strip().startswith("window.MathJax"):
            scripts.append(str(script))
    return "\n".join(scripts) if sets else ""


def _chapter(built: Path, page: str, known: set[str], assets: str) -> Tag:
    soup = _parsed(built, page, "article")
    article = soup.select_one("article.bd-article")
    if article is None:
        raise BuildError(f"the built page {page}.html has no <article class='bd-article'>. Is it of another theme?")
    for element in article.select(_CONTROLS):
        around = element.parent
        element.decompose()
        # A frame around nothing would be left.
        if around is not None and around.name == "p" and not around.contents:
            around.decompose()
    for element in article.select(f"noscript, {_PLAIN_TOKENS}"):
        element.unwrap()
    for source in article.select("picture > source"):
        # Paper gets the best picture, which is the image itself.
        source.decompose()
    for image in article.select("img"):
        # An image that waits until it is scrolled to would be missing.
        del image["loading"]
        image["src"] = _asset(page, str(image.get("src", "")), assets)
    _unfold(soup, article)
    for listing in article.select("pre"):
        if listing.get_text().rstrip("\n").count("\n") < _WHOLE_LINES:
            listing["class"] = "whole"
    _scope(article, page, known)
    article.name = "section"
    article.attrs = {"class": "bd-article chapter", "id": _slug(page)}
    return article


def _unfold(soup: BeautifulSoup, article: Tag) -> None:
    for fold in article.select(".cell.tag_check details.hide"):
        note = soup.new_tag("p", attrs={"class": "folded"})
        note.string = _FOLDED_CHECK
        fold.replace_with(note)
    for summary in article.select("details:is(.hide, .fold-section) > summary"):
        summary.decompose()
    for summary in article.select("details > summary"):
        summary.name, summary["class"] = "p", "fold-title"
    for fold in article.select("details"):
        fold.name = "div"


def _scope(article: Tag, page: str, known: set[str]) -> None:
    """Make anchors unique in the book and let links and labels follow them."""
    # Parts of a drawing refer to each other in ways of their own.
    named = [element for element in article.select("[id]") if element.find_parent("svg") is None]
    scoped = {str(element["id"]): f"{_slug(page)}--{element['id']}" for element in named}
    for element in named:
        element["id"] = scoped[str(element["id"])]
    for attribute in _LABELS:
        for element in article.select(f"[{attribute}]"):
            element[attribute] = " ".join(scoped.get(label, label) for label in str(element[attribute]).split())
    for link in article.select("a[href]"):
        target = _target(page, str(link["href"]), known)
        if target is None:
            link.unwrap()
        else:
            link["href"] = target
            del link["download"]


def _target(page: str, href: str, known: set[str]) -> str | None:
    """Where a link leads in the print; None where it has nowhere to lead."""
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        return href
    name = _resolved(page, unquote(parts.path)).removesuffix(".html") if parts.path else page
    if name not in known:
        return None
    return f"#{_slug(name)}--{parts.fragment}" if parts.fragment else f"#{_slug(name)}"


def _asset(page: str, source: str, assets: str) -> str:
    return source if urlsplit(source).scheme else f"{assets}/{_resolved(page, source)}"


def _resolved(page: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), path))


def _slug(page: str) -> str:
    return page.replace("/", "-")


def _headings(chapter: Tag) -> Iterator[Heading]:
    for heading in chapter.select("h1, h2"):
        is_chapter = heading.name == "h1"
        holder = heading if heading.get("id") else heading.find_parent(id=True)
        anchor = str(chapter["id"] if is_chapter or holder is None else holder["id"])
        yield Heading(heading.get_text().strip(), anchor, is_chapter)


def _cover(cover: Cover, assets: str) -> str:
    logo = f'<img src="{escape(assets)}/{escape(cover.logo)}" alt="">' if cover.logo else ""
    lines = "".join(f"<p>{escape(line)}</p>" for line in (cover.author, cover.year) if line)
    # Not a heading: the bookmarks begin with the first chapter.
    return (
        f'<div class="cover">{logo}<p class="title">{escape(cover.title)}</p>'
        f'<p class="edition">{escape(cover.edition)}</p>{lines}</div>'
    )


def _contents(parts: Sequence[Part], headings: dict[str, tuple[Heading, ...]]) -> str:
    rows = []
    for part in parts:
        if part.caption:
            rows.append(f'<p class="part">{escape(part.caption)}</p>')
        for page in part.pages:
            rows += [
                f'<a class="{"chapter-entry" if heading.is_chapter else "section-entry"}" href="#{heading.anchor}">'
                f'<span>{escape(heading.text)}</span><span class="dots"></span>'
                f'<span class="number" data-page-of="{heading.anchor}"></span></a>'
                for heading in headings[page]
            ]
    return f'<nav class="contents"><h1>Contents</h1>{"".join(rows)}</nav>'


def _running_head(page: str, headings: Sequence[Heading]) -> str:
    """The chapter's name at the top of its pages."""
    name = f"p-{_slug(page)}"
    text = next((heading.text for heading in headings if heading.is_chapter), "")
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'#{_slug(page)} {{ page: {name}; }}\n@page {name} {{ @top-left {{ content: "{quoted}"; }} }}'
