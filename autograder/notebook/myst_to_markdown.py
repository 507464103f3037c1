"""Rewrite the book's Markdown for readers whose Jupyter knows no MyST: the student edition.

The book resolves citations, equation numbers, figure references and boxes. In a notebook these stand as raw
text, so they are written out here: a citation becomes author and year, an equation gets its number, a box becomes a
quotation.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping

from nbformat import NotebookNode

_EQUATION = re.compile(r"\$\$(?P<body>.*?)\$\$[ \t]*\((?P<label>[\w-]+)\)", re.DOTALL)
_BOX = re.compile(r"^:{3,}\{(?P<kind>\w+)\}[ \t]*(?P<title>.*?)\n(?P<body>.*?)^:{3,}[ \t]*$", re.DOTALL | re.MULTILINE)
_OPTION = re.compile(r"^:[\w-]+:.*\n", re.MULTILINE)
_ROLE = re.compile(r"\{(?P<role>[\w:]+)\}`(?P<text>[^`]+)`")
# "{.fold-section}" above a heading: for the style of the book.
_CLASS = re.compile(r"^\{\.[\w-]+\}\n", re.MULTILINE)
_TARGET = re.compile(r"^\([\w-]+\)=\n", re.MULTILINE)


def myst_to_markdown(notebook: NotebookNode, citations: Mapping[str, str]) -> NotebookNode:
    """A copy whose Markdown cells hold no MyST roles, targets, classes, equation labels or boxes.

    Args:
        notebook: left unchanged; cells that nbgrader knows are not touched, since their checksums count.
        citations: what to write for each key, for example ``"Goodfellow et al. (2016)"``.

    Raises:
        KeyError: for a citation key that ``citations`` lacks.
    """
    result = copy.deepcopy(notebook)
    cells = [c for c in result.cells if c.cell_type == "markdown" and "nbgrader" not in c.metadata]
    equations = _numbers(_EQUATION, cells)
    figures = {name: number for number, name in enumerate(_figure_names(result), start=1)}
    for cell in cells:
        cell.source = _plain(cell.source, citations, equations, figures)
    return result


def _numbers(pattern: re.Pattern[str], cells: list[NotebookNode]) -> dict[str, int]:
    labels = [match["label"] for cell in cells for match in pattern.finditer(cell.source)]
    return {label: number for number, label in enumerate(labels, start=1)}


def _figure_names(notebook: NotebookNode) -> list[str]:
    figures = (cell.metadata.get("mystnb", {}).get("figure", {}) for cell in notebook.cells)
    return [figure["name"] for figure in figures if "name" in figure]


def _plain(text: str, citations: Mapping[str, str], equations: Mapping[str, int], figures: Mapping[str, int]) -> str:
    def role(match: re.Match[str]) -> str:
        name, content = match["role"], match["text"]
        if name.startswith("cite"):
            words = [citations[key.strip()] for key in content.split(",")]
            return "; ".join(words) if name == "cite:t" else f"({'; '.join(words)})"
        if name in ("eq", "math:numref"):
            return f"({equations[content]})" if content in equations else content
        if name in ("numref", "ref"):
            return f"figure {figures[content]}" if content in figures else "the figure"
        title = re.fullmatch(r"(?P<shown>.*?)\s*<[^<>]+>", content)
        return title["shown"] if title else content

    def equation(match: re.Match[str]) -> str:
        return f"$${match['body'].rstrip()} \\tag{{{equations[match['label']]}}}\n$$"

    def box(match: re.Match[str]) -> str:
        title = match["title"] or match["kind"].capitalize()
        body = _OPTION.sub("", match["body"]).strip()
        return "\n".join(["> **" + title + ".**", ">", *(f"> {line}".rstrip() for line in body.splitlines())])

    text = _EQUATION.sub(equation, text)
    text = _BOX.sub(box, text)
    text = _CLASS.sub("", _TARGET.sub("", text))
    return _ROLE.sub(role, text)
