"""What only instructors may see: hidden tests, solutions, model answers and mark schemes of a course's chapters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import nbformat

from autograder.course import Course
from autograder.grading.source import prepare_source
from autograder.notebook.cells import cell_info, hidden_lines
from autograder.notebook.student_edition import student_edition

# A shorter line has to be found as a whole line: "return x" stands in many a sentence.
_LONG = 16
_INLINE_CODE = re.compile(r"`([^`\n]+)`")
# The page for instructors shows how a notebook is marked up.
_MARKUP = re.compile(r"(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)")


@cache
def secrets(course: Course) -> dict[str, str]:
    """Lines that only instructors may see, each with the cell it is from."""
    found: dict[str, str] = {}
    visible: set[str] = set()
    for chapter in course.chapters:
        for source in (nbformat.read(chapter.path, as_version=4), prepare_source(course, chapter.name)):
            shown = {cell.id: set(lines(cell.source)) for cell in student_edition(source).cells}
            visible.update(*shown.values())
            # A call that the text explains by name, such as `optimizer.step()`, is not a secret either.
            prose = (
                cell.source for cell in source.cells if cell.cell_type == "markdown" and cell_info(cell).kind == "other"
            )
            visible.update(span for text in prose for span in _INLINE_CODE.findall(text))
            for cell in source.cells:
                of_cell = set(hidden_lines(cell.source))
                if cell_info(cell).kind in ("solution", "manual"):
                    of_cell |= set(lines(cell.source))
                for line in of_cell - shown[cell.id]:
                    found.setdefault(line, f"{chapter.name}, cell {cell.id}")
    # A line that students are given anyway, such as "return out" in an example, proves nothing.
    given = "\n".join(visible)
    shown_anyway = {line for line in found if line in given or _MARKUP.search(line) or len(line) <= 5}
    return {line: cell for line, cell in found.items() if line not in shown_anyway}


def leaked(text: str, hidden: dict[str, str]) -> dict[str, str]:
    """The hidden lines that a text holds, each with the cell it is from."""
    whole_lines = set(lines(text))
    return {s: cell for s, cell in hidden.items() if (s in text if len(s) >= _LONG else s in whole_lines)}


def lines(text: str) -> Iterator[str]:
    """The lines of a text that are not empty, stripped."""
    return (line.strip() for line in text.splitlines() if line.strip())
