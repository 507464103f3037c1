"""What a chapter's given and solution cells define, and a key for the part of it that an experiment uses."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any

import nbformat

from autograder.course import Course
from autograder.digest import digest
from autograder.notebook.cells import cell_info


def cell_sources(course: Course, chapter: str) -> dict[str, str]:
    """The text of the given and solution cells of a chapter by their grade ids, in their order."""
    cells = nbformat.read(course.chapter(chapter).path, as_version=4).cells
    return {
        str(cell_info(cell).grade_id): cell.source
        for cell in cells
        if cell.cell_type == "code" and cell_info(cell).kind in ("given", "solution")
    }


def definitions(course: Course, chapter: str) -> dict[str, Any]:
    """What the given and solution cells of a chapter define, its data included, at the scale in force."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for grade_id, source in cell_sources(course, chapter).items():
        exec(compile(source, grade_id, "exec"), names)
    return names


def code_digest(sources: Iterable[str], used: Iterable[str]) -> str:
    """A key for the code behind some names: their definitions, and those that these use, in turn.

    Comments, docstrings and empty lines do not count, nor does what the names do not use: an edit of the chapter that
    cannot change a training does not change the key. It is the same for every version of Python.

    Args:
        sources: the text of cells.
        used: names that they define.

    Raises:
        KeyError: if one of ``used`` is not defined.
    """
    defined: dict[str, list[tuple[str, set[str]]]] = {}
    for source in sources:
        for statement in ast.parse(source).body:
            text = _text(source, statement)
            loaded = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
            for name in _bound(statement):
                defined.setdefault(name, []).append((text, loaded))
    wanted = list(used)
    for name in wanted:
        if name not in defined:
            raise KeyError(name)
    behind: dict[str, str] = {}
    while wanted:
        name = wanted.pop()
        if name in behind or name not in defined:
            continue
        behind[name] = "\n".join(text for text, _ in defined[name])
        wanted += [other for _, loaded in defined[name] for other in loaded]
    return digest(*[part for name in sorted(behind) for part in (name, behind[name])])


def _bound(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
    return {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _text(source: str, statement: ast.stmt) -> str:
    """The lines of a statement without docstrings, comments and empty lines.

    Lines rather than a syntax tree: how Python writes one down differs between its versions.
    """
    left_out: set[int] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef) and ast.get_docstring(node):
            left_out |= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(decorator.lineno for decorator in decorators)])
    lines = source.splitlines()
    kept = [lines[number - 1] for number in range(first, (statement.end_lineno or 0) + 1) if number not in left_out]
    return "\n".join(line.rstrip() for line in kept if line.strip() and not line.lstrip().startswith("#"))
