"""Answers that use the course's own right answers instead of computing anything.

A helper package may hold independent implementations of what is asked for, because visible checks need them on a
student's machine. What is found here is a hint for a person: a name can be hidden from any such search.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.notebook.cells import by_grade_id, cell_info

# Modules of a helper package that compute right answers, and those that hold checks.
_REFERENCE = re.compile(r"reference")
_CHECKS = re.compile(r"exercises|\w+_checks")
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+")
_LONGEST, _DEEPEST = 100_000, 20
_OPENS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def answers_with_references(notebook: NotebookNode, helpers: Collection[str]) -> tuple[str, ...]:
    """The grade ids of answers that refer to a reference, or to a check inside a function or class.

    A check that is called at the end of an answer's cell is a student who tries the answer out.

    Args:
        notebook: a reconciled submission; cells that are not plain Python are passed over.
        helpers: the course's helper packages. A module or package ``reference`` in one of them computes right
            answers; one called ``exercises``, or with a name that ends in ``_checks``, holds checks.
    """
    cells = {name: cell for name, cell in by_grade_id(notebook).items() if cell.cell_type == "code"}
    # Python reads other forms of the same letters as these.
    texts = {name: unicodedata.normalize("NFKC", cell.source[:_LONGEST]) for name, cell in cells.items()}
    references, checks = (_Modules(frozenset(helpers), part) for part in (_REFERENCE, _CHECKS))
    known, tried = (_imported(map(_parsed, kind.may_be_in(texts.values())), kind) for kind in (references, checks))
    found = []
    for name, text in texts.items():
        if cell_info(cells[name]).kind == "solution":
            # To parse a cell takes a hundred times as long as to find that it holds none of these words.
            refers, tries = references.may_be_in([text], known), checks.may_be_in([text], tried)
            tree = _parsed(text) if refers or tries else ast.Module([], [])
            if _uses(tree, known, references) or _uses_inside(tree, tried, checks):
                found.append(name)
    return tuple(found)


@dataclass(frozen=True)
class _Modules:
    """Modules of some packages, known by a part of their dotted names."""

    packages: frozenset[str]
    part: re.Pattern[str]

    def hold(self, name: str) -> bool:
        """True for the dotted name of such a module, or of something in it."""
        package, *parts = name.split(".")
        return package in self.packages and any(map(self.part.fullmatch, parts))

    def may_be_in(self, texts: Iterable[str], names: Collection[str] = ()) -> list[str]:
        """The texts of which code may mention such a module, or one of the names."""
        words = re.compile("|".join([self.part.pattern, *map(re.escape, names)]))
        return [text for text in texts if words.search(text)]

    def are_named_in(self, text: str) -> bool:
        """True for a text that holds such a dotted name."""
        return any(self.hold(name) for name in _DOTTED.findall(text))


def _parsed(source: str) -> ast.AST:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _imported(trees: Iterable[ast.AST], modules: _Modules) -> set[str]:
    """The names under which cells import such modules, or something from them."""
    names: set[str] = set()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                full = {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
            elif isinstance(node, ast.Import):
                full = {a.asname: a.name for a in node.names if a.asname}
            else:
                continue
            names |= {name for name, origin in full.items() if modules.hold(origin)}
    return names


def _uses(tree: ast.AST, names: set[str], modules: _Modules) -> bool:
    """True where code reads one of these names without having given it a meaning of its own, or names a module."""
    nodes = list(ast.walk(tree))
    own = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    imported = _imported([tree], modules)
    return any(
        (isinstance(node, ast.Name) and node.id in (names - own) | imported)
        or (isinstance(node, ast.Constant) and isinstance(node.value, str) and modules.are_named_in(node.value))
        or (isinstance(node, ast.Attribute) and modules.hold(_dotted(node)))
        for node in nodes
    )


def _dotted(node: ast.Attribute) -> str:
    """``package.module.name`` written out, or an empty text; a student's chain of attributes may be of any length."""
    parts, value = [node.attr], node.value
    while isinstance(value, ast.Attribute) and len(parts) < _DEEPEST:
        parts.append(value.attr)
        value = value.value
    return ".".join([value.id, *reversed(parts)]) if isinstance(value, ast.Name) else ""


def _uses_inside(tree: ast.AST, names: set[str], modules: _Modules) -> bool:
    return any(_uses(node, names, modules) for node in ast.walk(tree) if isinstance(node, _OPENS))
