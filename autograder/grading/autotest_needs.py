"""What the automatic tests of a chapter depend on: the cells that have to run for them, and the files these import.

Making automatic tests executes the author's solutions, which takes long. What does not matter to them is not executed,
and where only that has changed, the tests that were made before are still right.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from pathlib import Path

from nbformat import NotebookNode

from autograder.course import Course
from autograder.course_files import course_files
from autograder.digest import digest, file_digest
from autograder.helper_packages import course_digest, helper_files, module_name
from autograder.notebook.cells import cell_info
from autograder.notebook.names import defined, used

_AUTOTEST = re.compile(r"^([ \t]*)#.*?\bAUTOTEST\b[ \t]*", re.MULTILINE)
# With these a module can import another without naming it.
_IMPORT_BY_VALUE = re.compile(r"import_module\(|(?<![.\w])(?:__import__|exec|eval)\(")


def idle_cells(notebook: NotebookNode) -> frozenset[int]:
    """Indices of nbgrader's code cells that need not run for the AUTOTEST lines of a notebook.

    These are the cells after the last AUTOTEST line, and test cells without such a line whose names no later cell
    uses. Other things that a test cell may change do not count: when submissions are graded, it runs elsewhere.
    """
    cells = [
        (index, cell)
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell_info(cell).kind != "other"
    ]
    last = max((index for index, cell in cells if _AUTOTEST.search(cell.source)), default=-1)
    idle = {index for index, _ in cells if index > last}
    before = [(index, cell) for index, cell in cells if index <= last]
    if not all(_is_python(_with_snippets(cell.source)) for _, cell in before):
        # Nobody can tell what such a cell uses.
        return frozenset(idle)
    wanted: set[str] = set()
    for index, cell in reversed(before):
        source = _with_snippets(cell.source)
        is_plain_test = cell_info(cell).kind == "test" and source == cell.source
        if is_plain_test and not defined(source) & wanted:
            idle.add(index)
        else:
            wanted |= used(source)
    return frozenset(idle)


def autotest_key(course: Course, notebook: NotebookNode, idle: Collection[int]) -> str:
    """A key for everything that the automatic tests of a notebook depend on.

    That is the cells that run for them, with their places; the helper files that these import, directly or not; the
    templates, the author's data and the pinned requirements.

    Raises:
        CourseError: if ``course.toml`` names a helper or a data file that does not exist.
    """
    # An idle cell counts as a place: hashes are salted with a cell's position.
    cells = [
        "" if index in idle else cell.source
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell_info(cell).kind != "other"
    ]
    while cells and not cells[-1]:
        cells.pop()
    return digest(
        json.dumps(cells),
        course_digest(course, helpers_in_use(course, cells)),
        digest(*course_files(course, notebook).parts()),
        file_digest(course.root / "autotests.yml"),
        file_digest(course.requirements),
    )


def helpers_in_use(course: Course, sources: Iterable[str]) -> list[Path]:
    """The files of the helper packages that code imports, directly or through others, and the data next to them.

    All of them, where it cannot be told: a module that imports by a computed name, or a cell that is not plain Python.

    Args:
        sources: the code of the cells.

    Raises:
        CourseError: if ``course.toml`` names a helper that does not exist.
    """
    files = helper_files(course)
    modules = {module_name(course, path): path for path in files if path.suffix == ".py"}
    found: dict[str, Path] = {}
    waiting = [("", source) for source in (*sources, *(f"import {name}" for name in course.settings.startup))]
    while waiting:
        package, source = waiting.pop()
        names = _named_modules(source, package, course.settings.helpers)
        if names is None:
            return files
        for name in names:
            if name in modules and name not in found:
                path = found[name] = modules[name]
                own_package = name if path.name == "__init__.py" else name.rpartition(".")[0]
                waiting.append((own_package, path.read_text(encoding="utf-8")))
    code, folders = set(found.values()), {path.parent for path in found.values()}
    return [path for path in files if path in code or (path.suffix != ".py" and _package_folder(path) in folders)]


@lru_cache(maxsize=4096)  # chapters share most of their helpers
def _named_modules(source: str, package: str, helpers: tuple[str, ...]) -> tuple[str, ...] | None:
    """The helper modules that code may import, and the packages that hold them; some need not exist.

    None where it cannot be told. A dotted name in a text counts: some modules are named there and imported later.
    """
    if not _is_python(source) or _IMPORT_BY_VALUE.search(source):
        return None
    names = re.findall(rf"\b(?:{'|'.join(map(re.escape, helpers))})(?:\.\w+)*", source) if helpers else []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            # In the package a.b.c, one dot means a.b.c itself, two dots mean a.b.
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            origin = ".".join([*above, *filter(None, [node.module])])
            names += [origin, *(f"{origin}.{alias.name}" for alias in node.names)]
    return tuple(
        {".".join(parts[:end]): None for parts in (n.split(".") for n in names) for end in range(1, len(parts) + 1)}
    )


def _package_folder(path: Path) -> Path:
    """The folder of the package that a data file belongs to."""
    return next((folder for folder in path.parents if (folder / "__init__.py").is_file()), path.parent)


def _with_snippets(source: str) -> str:
    """Code with its AUTOTEST lines turned from comments into the expressions that they name."""
    return _AUTOTEST.sub(r"\1", source)


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True
