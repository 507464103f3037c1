"""A Sphinx extension that finishes the text of each page, which Sphinx has written as HTML.

An image of a figure becomes a link to its file, so that a reader can enlarge it, with or without script. A bracket or
a punctuation mark stays on the line of its formula, and a percent sign on that of its number. A section whose heading
has the class ``fold-section`` is folded below its heading. Tables are made fit for phones.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes  # type: ignore[import-untyped]
from sphinx.application import Sphinx

from autograder.publishing.page_tables import with_tables_for_phones

_IMAGE = re.compile(r'(?P<link><a\b[^>]*>\s*)?<img\b[^>]*?\ssrc="(?P<file>[^"]*\b_images/[^"]+)"[^>]*>')
# What prints text as it was typed, or draws.
_AS_IT_IS = re.compile(r"<(pre|code|script|style|svg|textarea)\b.*?</\1>", re.DOTALL)
_BEFORE, _AFTER = r"[(\[“]", r"[^\s<&]"
_FORMULA = re.compile(
    rf'(?P<before>{_BEFORE}*)(?P<formula><span class="math notranslate nohighlight">\\\(.*?\\\)</span>)'
    rf"(?P<after>(?:[ \n]%)?{_AFTER}*)",
    re.DOTALL,
)
_FOLDED = re.compile(
    r'<section\b[^>]*\bclass="[^"]*\bfold-section\b[^>]*>\s*<(?P<heading>h\d)\b.*?</(?P=heading)>', re.DOTALL
)
_SECTION = re.compile(r"</?section\b")
_FOLD = '\n<details class="fold-section"><summary>Show this part</summary>\n'
_PERCENT = re.compile(r"(?<=\d)[ \n](?=%)")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("html-page-context", _finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _finish(_: Sphinx, __: str, ___: str, context: dict[str, Any], ____: nodes.document | None) -> None:
    if "body" in context:
        body = with_marks_at_formulas(with_enlargeable_images(context["body"]))
        context["body"] = with_folded_sections(with_tables_for_phones(body))


def with_folded_sections(body: str) -> str:
    """The HTML of a page in which what is below the heading of a section with the class ``fold-section`` is folded."""
    parts, at = [], 0
    for section in _FOLDED.finditer(body):
        depth, end = 1, section.end()
        for tag in _SECTION.finditer(body, section.end()):
            depth += -1 if tag[0].startswith("</") else 1
            if depth == 0:
                end = tag.start()
                break
        parts += [body[at : section.end()], _FOLD, body[section.end() : end], "</details>\n"]
        at = end
    return "".join([*parts, body[at:]])


def with_enlargeable_images(body: str) -> str:
    """The HTML of a page with each image among its figures inside a link to the image's file.

    The link is named by the image's description and the words "Enlarge the figure". An image that is a link stays one.
    """

    def linked(image: re.Match[str]) -> str:
        if image["link"]:
            return image[0]
        hint = '<span class="enlarge-hint">Enlarge the figure</span>'
        return f'<a class="enlarge" href="{image["file"]}">{image[0]}{hint}</a>'

    return _IMAGE.sub(linked, body)


def with_marks_at_formulas(body: str) -> str:
    """The HTML of a page in which no line begins with the mark after a formula, or with the percent sign of a number.

    A browser may break a line before and after a formula. So each formula in a line of text is put into one element
    with what touches it. Code, printed output and drawings stay as they are.
    """
    begin, parts = 0, []
    for kept in _AS_IT_IS.finditer(body):
        parts += [_with_marks(body[begin : kept.start()]), kept[0]]
        begin = kept.end()
    return "".join([*parts, _with_marks(body[begin:])])


def _with_marks(text: str) -> str:
    return _PERCENT.sub("\u00a0", _FORMULA.sub(_together, text))


def _together(found: re.Match[str]) -> str:
    after = re.sub(r"^\s", "\u00a0", found["after"])
    whole = f"{found['before']}{found['formula']}{after}"
    return f'<span class="together">{whole}</span>' if found["before"] or after else whole
