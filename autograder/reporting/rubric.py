"""The mark schemes of an instructor notebook, by written answer."""

from __future__ import annotations

import re

from nbformat import NotebookNode

from autograder.notebook.cells import cell_info

# nbgrader's ClearMarkScheme takes these lines, and what is between them, out of the student edition.
_SCHEME = re.compile(r"BEGIN MARK SCHEME[^\n]*\n(?P<text>.*?)\n?[^\n]*END MARK SCHEME", re.DOTALL)


def mark_schemes(source: NotebookNode) -> dict[str, str]:
    """What each answer in words earns points for, as Markdown, by grade id; cells without a mark scheme are left out.

    The model answer that stands before a mark scheme is not part of it.
    """
    found = {}
    for cell in source.cells:
        about = cell_info(cell)
        if about.kind in ("manual", "task"):
            text = "\n\n".join(match["text"].strip() for match in _SCHEME.finditer(cell.source))
            if text:
                found[str(about.grade_id)] = text
    return found
