"""Which chapters of a course can run in a browser, and their notebooks as a reader finds them there."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from autograder.course import Course
from autograder.notebook.magics import python_source_or_none
from autograder.notebook.skipped_cells import SkippedCell, skipped_cells
from autograder.publishing.lite.imports import Imports, imports_of, outside, own_modules

_WHERE_YOU_ARE = """\
> **This notebook runs in your browser.** Nothing is installed, and nothing that you write leaves this computer. Python
> is slower here than outside of a browser, and the first cell waits until everything is loaded.
>
> Your work is kept in the storage of this browser, on this computer, and nowhere else: it is gone when you clear that
> storage. *File → Download* saves the notebook as a file, to keep it, to hand it in, or to go on with it elsewhere."""
_SKIPPED = """\
> **Not in the browser.** This code needs {package}, which a browser does not have. What it prints or draws is on this
> chapter's page in the book.

```python
{source}
```"""


@dataclass(frozen=True)
class BrowserChapters:
    """What a course can offer in the browser.

    Attributes:
        notebooks: student editions, with notes on what is different, by their chapters' names.
        modules: the top-level modules of other packages that these import.
        left_out: why a chapter is not among them, by its name.
        skipped: how many cells of a chapter cannot run, by its name.
        perhaps: modules that a browser lacks and that functions of the helper packages import, when they are called.
    """

    notebooks: Mapping[str, NotebookNode]
    modules: frozenset[str]
    left_out: Mapping[str, str] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    perhaps: frozenset[str] = frozenset()


def browser_chapters(
    course: Course, students: Mapping[str, NotebookNode], has: Callable[[str], bool]
) -> BrowserChapters:
    """The chapters whose exercises and checks all work with the packages that a browser has.

    Experiments that lack something become text: in JupyterLite an error ends "run all", whatever the cell's tags say.

    Args:
        students: the student editions by their chapters' names; left unchanged.
        has: whether a browser has a top-level module of another package.
    """
    own = own_modules(course)
    notebooks: dict[str, NotebookNode] = {}
    modules: set[str] = set()
    perhaps: set[str] = set()
    left_out: dict[str, str] = {}
    skipped: dict[str, int] = {}
    for name, student in students.items():
        needs = {c.id: outside(_imports(c.source), own) for c in student.cells if c.cell_type == "code"}
        lacks = {key: lacking[0] for key, need in needs.items() if (lacking := sorted(_without(need.at_once, has)))}
        cells = skipped_cells(student, lacks)
        needed = next((cell for cell in cells.values() if cell.needed), None)
        if needed is not None:
            left_out[name] = f"its cell {needed.name!r} needs {needed.package}"
            continue
        notebooks[name] = _with_notes(student, cells)
        skipped[name] = len(cells)
        kept = [need for key, need in needs.items() if key not in cells]
        wanted = {module for need in kept for module in need.at_once | need.late}
        perhaps |= _without(wanted, has)
        modules |= wanted
    return BrowserChapters(notebooks, frozenset(modules - perhaps), left_out, skipped, frozenset(perhaps))


def _imports(source: str) -> Imports:
    return imports_of(python_source_or_none(source) or "")


def _without(modules: Collection[str], has: Callable[[str], bool]) -> set[str]:
    return {module for module in modules if not has(module)}


def _with_notes(student: NotebookNode, skipped: Mapping[str, SkippedCell]) -> NotebookNode:
    result = copy.deepcopy(student)
    cells = []
    for cell in result.cells:
        if cell.id in skipped:
            text = _SKIPPED.format(package=skipped[cell.id].package, source=cell.source)
            cell = new_markdown_cell(text, id=cell.id, metadata=cell.metadata)
        cells.append(cell)
    cells.insert(1, new_markdown_cell(_WHERE_YOU_ARE, id="in-your-browser"))
    result.cells = cells
    return result
