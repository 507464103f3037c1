"""Put interactive figures into the chapters of the rendered book.

``book/interactive.yml`` says after which cell of which chapter a figure stands. A figure is one JavaScript file in
``book/interactive/figures``. Its first state is drawn here, by the same code that the reader's browser runs, so a page
shows it before, or without, any script. Everything is inside the page: it works without a server and without a network.
"""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import quickjs
import yaml
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from autograder.course import Course
from autograder.errors import CourseError

# In this order: each may use what the ones before it define. page.js acts in a browser only.
_SHARED = ("core.js", "activations.js", "page.js")
# Width of the first drawing in CSS pixels: that of the text column on a wide screen.
_WIDTH = 700
_FENCE = "`" * 12
_MARKER = re.compile(r"^% interactive (?P<figure>\w+)$", re.MULTILINE)


def with_interactive_figures(course: Course, name: str, page: NotebookNode) -> NotebookNode:
    """The book's page of the chapter ``name`` with its interactive figures, each a cell after the one it is named for.

    Args:
        page: the chapter as the book shows it; left unchanged.

    Raises:
        CourseError: if ``book/interactive.yml`` names a figure or a cell that does not exist, or one figure twice.
    """
    wanted = _wanted(course, name)
    if not wanted:
        return page
    result = copy.deepcopy(page)
    for number, (figure, after) in enumerate(wanted):
        place = next((i for i, cell in enumerate(result.cells) if cell.id == after), None)
        if place is None:
            raise CourseError(
                f"{_list(course)} puts {figure!r} after the cell {after!r} of {name}, which has no such cell. "
                "Name one of the chapter's cell ids."
            )
        source = _figure_source(course, figure)
        if number == 0:
            source = f"{_raw(_shared_html(course))}\n\n{source}"
        cell = new_markdown_cell(source, id=f"interactive-{figure}"[:64])
        result.cells.insert(place + 1, cell)
    return result


def with_interactive_prose(course: Course, text: str) -> str:
    """A prose page with an interactive figure, without number and caption, in place of each ``% interactive NAME``.

    It plays by itself when it comes into view, for readers who did not ask for less motion.

    Raises:
        CourseError: if there is no such figure.
    """
    found = list(_MARKER.finditer(text))
    for number, mark in enumerate(found):
        name = mark["figure"]
        still, _, scripts = _parts(course, name)
        figure = f'<figure class="interactive" id="interactive-{name}" data-autoplay="true">\n{still}\n</figure>'
        shared = [_shared_html(course)] if number == 0 else []
        text = text.replace(mark[0], _raw("\n".join([*shared, figure, scripts])))
    return text


def figure_engine(course: Course, figure: str) -> quickjs.Context:
    """A JavaScript engine that has loaded one figure and what it is drawn with.

    Raises:
        CourseError: if there is no such figure.
    """
    file = _folder(course) / "figures" / f"{figure}.js"
    if not file.is_file():
        known = ", ".join(sorted(path.stem for path in file.parent.glob("*.js"))) or "none"
        raise CourseError(f"there is no interactive figure {figure!r}. {file.parent} has: {known}.")
    engine = quickjs.Context()
    for source in (*(_folder(course) / shared for shared in _SHARED), file):
        engine.eval(source.read_text(encoding="utf-8"))
    return engine


def _wanted(course: Course, name: str) -> list[tuple[str, str]]:
    """Figures of a chapter, each with the cell it follows, in the order of the list."""
    if not _list(course).is_file():
        return []
    chapters = yaml.safe_load(_list(course).read_text(encoding="utf-8")) or {}
    entries = chapters.get(name, [])
    try:
        wanted = [(str(entry["figure"]), str(entry["after"])) for entry in entries]
    except (KeyError, TypeError) as error:
        raise CourseError(
            f"{_list(course)}: an entry of {name} is not a pair of 'figure' and 'after'. "
            "Write '- {figure: NAME, after: CELL_ID}'."
        ) from error
    figures = [figure for figure, _ in wanted]
    twice = sorted({figure for figure in figures if figures.count(figure) > 1})
    if twice:
        raise CourseError(f"{_list(course)} puts {twice[0]!r} into {name} twice. Once a page is the most.")
    return wanted


def _list(course: Course) -> Path:
    return course.root / "book" / "interactive.yml"


def _folder(course: Course) -> Path:
    return course.root / "book" / "interactive"


def _shared_html(course: Course) -> str:
    style = (_folder(course) / "interactive.css").read_text(encoding="utf-8")
    scripts = [(_folder(course) / shared).read_text(encoding="utf-8") for shared in _SHARED]
    return "\n".join([f"<style>\n{style}</style>", *(f"<script>\n{script}</script>" for script in scripts)])


def _raw(html: str) -> str:
    return f"{_FENCE}{{raw}} html\n{html}\n{_FENCE}"


def _figure_source(course: Course, figure: str) -> str:
    """A figure in Markdown: the directive of :mod:`autograder.publishing.interactive_directive`, and its scripts."""
    still, caption, scripts = _parts(course, figure)
    directive = f"{_FENCE}{{interactive}} {figure}\n{caption}\n\n{still}\n{_FENCE}"
    return f"{directive}\n\n{_raw(scripts)}"


def _parts(course: Course, figure: str) -> tuple[str, str, str]:
    """The HTML of a figure's first state, its caption, and its scripts."""
    recorded = course.hook("interactive")
    data: Any = None if recorded is None else recorded(course, figure)
    packed = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    engine = figure_engine(course, figure)
    # As JSON, because the engine's binding cannot hand over a string that was put together from many.
    still = engine.eval(f"JSON.stringify(Interactive.markup({json.dumps(figure)}, {packed}, {_WIDTH}))")
    caption = json.loads(engine.eval(f"JSON.stringify(Interactive.figures[{json.dumps(figure)}].caption)"))
    source = (_folder(course) / "figures" / f"{figure}.js").read_text(encoding="utf-8")
    scripts = f"<script>\n{source}</script>"
    if data is not None:
        # A closing tag inside a string would end the element.
        safe = packed.replace("</", "<\\/")
        scripts = f'<script type="application/json" id="interactive-{figure}-data">{safe}</script>\n{scripts}'
    return json.loads(still), caption, scripts
