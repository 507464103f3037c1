"""Which files and modules the cells of a notebook name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.notebook.cells import MARK_SCHEME_BEGIN, cell_info, visible_source, without_solutions
from autograder.notebook.magics import python_source_or_none

_LINKED = re.compile(r"\]\(\s*<?([^)\s>]+)|(?:src|href)\s*=\s*[\"']([^\"']+)|`([^`\n]{1,200})`")


@dataclass(frozen=True)
class NamedFiles:
    """What code or text names.

    Attributes:
        texts: what may be a path, ``*`` standing for what is put in when the code runs.
        modules: the first parts of what is imported.
    """

    texts: frozenset[str] = frozenset()
    modules: frozenset[str] = frozenset()

    def __or__(self, other: NamedFiles) -> NamedFiles:
        return NamedFiles(self.texts | other.texts, self.modules | other.modules)


def named_for_students(notebook: NotebookNode) -> NamedFiles:
    """What the cells name that students receive: neither solutions nor hidden tests nor mark schemes.

    Args:
        notebook: the instructor's version.
    """
    return _all(_named(cell.cell_type, _received(cell)) for cell in notebook.cells)


def named_in_tests(notebook: NotebookNode) -> NamedFiles:
    """What test cells name, hidden regions included."""
    return _all(_named("code", cell.source) for cell in notebook.cells if cell_info(cell).kind == "test")


def named_in_code(source: str) -> NamedFiles:
    """What Python code names."""
    text = python_source_or_none(source)
    if text is None:
        return NamedFiles()
    texts, modules = set[str](), set[str]()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) <= 300:
            texts.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = (p.value if isinstance(p, ast.Constant) and isinstance(p.value, str) else "*" for p in node.values)
            texts.add("".join(parts))
        elif isinstance(node, ast.Import):
            modules |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules.add(node.module.partition(".")[0])
    return NamedFiles(frozenset(texts), frozenset(modules))


def _received(cell: NotebookNode) -> str:
    info = cell_info(cell)
    if info.kind == "test":
        return visible_source(cell.source)
    if info.kind in ("solution", "manual"):
        # Without markers, nothing of an answer is handed out.
        source = without_solutions(cell.source)
        return "" if source == cell.source else source
    return str(cell.source).partition(MARK_SCHEME_BEGIN)[0]


def _named(cell_type: str, source: str) -> NamedFiles:
    if cell_type == "code":
        return named_in_code(source)
    return NamedFiles(frozenset(part for found in _LINKED.findall(source) for part in found if part))


def _all(found: Iterable[NamedFiles]) -> NamedFiles:
    total = NamedFiles()
    for one in found:
        total |= one
    return total
