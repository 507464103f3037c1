"""What a module imports when it is imported, directly or by the course's own modules."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import autograder
from autograder.course import Course
from autograder.helper_packages import helper_files, module_name

# "package.module:function", by which a check names what computes right values.
_NAMED = re.compile(r"([A-Za-z_]\w*(?:\.\w+)+)(?::\w*)?")


@dataclass(frozen=True)
class Imports:
    """Modules by their full names.

    Attributes:
        at_once: imported with the module itself.
        late: imported by functions, so perhaps never, or in a ``try`` that does without.
    """

    at_once: frozenset[str] = frozenset()
    late: frozenset[str] = frozenset()


def own_modules(course: Course) -> dict[str, Path]:
    """The files of the modules that students get: the helper packages and what checks are written with, by name."""
    engine = Path(autograder.__file__).parent
    testing = [engine / "__init__.py", *sorted((engine / "testing").rglob("*.py"))]
    found = {_dotted(path.relative_to(engine.parent)): path for path in testing}
    return found | {module_name(course, p): p for p in helper_files(course, references=False) if p.suffix == ".py"}


def outside(imports: Imports, own: Mapping[str, Path]) -> Imports:
    """The packages, by the first part of their names, that are neither the course's own nor Python's.

    Args:
        imports: what some code imports.
        own: from :func:`own_modules`; what these import in turn is followed.
    """
    at_once = _reached(imports.at_once, own, late=False)
    everything = _reached(imports.at_once | imports.late, own, late=True)
    known = {name.partition(".")[0] for name in own} | sys.stdlib_module_names
    needed = {name.partition(".")[0] for name in at_once} - known
    return Imports(frozenset(needed), frozenset({name.partition(".")[0] for name in everything} - known - needed))


def imports_of(source: str, module: str = "", package: bool = False) -> Imports:
    """What the code of a module imports. A text that names a module may be an import, too: "package.module:function".

    Args:
        source: Python; anything else imports nothing.
        module: the module's own name, for imports relative to it.
        package: the code is that of a package's ``__init__.py``.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return Imports()
    found: dict[bool, set[str]] = {False: set(), True: set()}
    base = module.split(".") if package else module.split(".")[:-1]

    def visit(node: ast.AST, late: bool) -> None:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for otherwise in node.orelse:
                visit(otherwise, late)
            return
        if isinstance(node, ast.Import):
            found[late].update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = ".".join([*base[: len(base) - node.level + 1], node.module or ""]) if node.level else node.module
            start = str(start).strip(".")
            found[late].update([start, *(f"{start}.{alias.name}" for alias in node.names)])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and (name := _NAMED.fullmatch(node.value)):
            found[late].add(f"={name[1]}")
        if isinstance(node, ast.Try) and any(_catches(handler) for handler in node.handlers):
            for attempt in node.body:
                visit(attempt, late=True)
            rest: list[ast.AST] = [*node.handlers, *node.orelse, *node.finalbody]
            for part in rest:
                visit(part, late)
            return
        inner = late or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.iter_child_nodes(node):
            visit(child, inner)

    visit(tree, late=False)
    return Imports(frozenset(found[False]), frozenset(found[True]))


def _reached(start: Iterable[str], own: Mapping[str, Path], late: bool) -> set[str]:
    """All that is imported from ``start`` on. A name behind "=" counts only as one of the course's own modules."""
    reached: set[str] = set()
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name.startswith("="):
            name = name[1:]
            if name not in own:
                continue
        parts = name.split(".")
        for end in range(1, len(parts) + 1):
            prefix = ".".join(parts[:end])
            if prefix in reached or (prefix not in own and end > 1):
                continue
            reached.add(prefix)
            if prefix in own:
                found = _file_imports(own[prefix], prefix)
                waiting += found.at_once | (found.late if late else frozenset())
    return reached


@lru_cache(maxsize=2048)
def _file_imports(path: Path, module: str) -> Imports:
    return imports_of(path.read_text(encoding="utf-8"), module, path.name == "__init__.py")


def _catches(handler: ast.ExceptHandler) -> bool:
    """True for an ``except`` that catches a failed import."""
    caught = "Exception" if handler.type is None else ast.unparse(handler.type)
    return any(name in caught for name in ("ImportError", "ModuleNotFoundError", "Exception"))


def _dotted(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
