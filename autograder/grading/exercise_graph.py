"""Which exercises a chapter's tests and solutions use, by the names in the author's own cells.

An exercise is a cell in which students write code. Nothing of a submission is looked at.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.notebook.cells import cell_info
from autograder.notebook.names import defined, used


@dataclass(frozen=True)
class ExerciseGraph:
    """The exercises of a chapter, its tests, and what each of these uses.

    Attributes:
        own: for each test, by grade id, the exercises that it examines.
        needs: for each test, the exercises before it that it uses, or that the author's solutions of its own exercises
            use, directly or through others; in the order of the chapter, without its own.
        names: for each exercise, the names that its solution binds.
        reads: for each test, the names that it reads itself.
        shared: the names that a cell reads which another one may bind.
    """

    own: dict[str, frozenset[str]]
    needs: dict[str, tuple[str, ...]]
    names: dict[str, frozenset[str]]
    reads: dict[str, frozenset[str]]
    shared: frozenset[str]


def exercise_graph(source: NotebookNode) -> ExerciseGraph:
    """The graph of a chapter.

    A test examines the exercises that its text names and that no test before it examines, else the last one that it
    names. It names them also through the author's locked cells: a test of a network that such a cell builds from the
    student's layers examines the layers.

    Args:
        source: the instructor version.
    """
    chapter = _Chapter([_Node.of(cell) for cell in source.cells if _counts(cell)])
    own: dict[str, frozenset[str]] = {}
    needs: dict[str, tuple[str, ...]] = {}
    examined: set[int] = set()
    for at, node in enumerate(chapter.nodes):
        if node.kind != "test":
            continue
        direct = chapter.exercises_named_by(at)
        mine = direct - examined or {max(direct, default=-1)} - {-1}
        examined |= mine
        others = {found for found in chapter.reached_from(at) if chapter.nodes[found].kind == "solution"} - mine
        own[node.grade_id] = frozenset(chapter.nodes[found].grade_id for found in mine)
        needs[node.grade_id] = tuple(chapter.nodes[found].grade_id for found in sorted(others))
    return ExerciseGraph(
        own,
        needs,
        {node.grade_id: node.binds for node in chapter.nodes if node.kind == "solution"},
        {node.grade_id: node.reads for node in chapter.nodes if node.kind == "test"},
        frozenset(name for node in chapter.nodes for name in node.reads),
    )


def _counts(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and cell_info(cell).kind in ("given", "solution", "test")


@dataclass(frozen=True)
class _Node:
    """A code cell of the author's: what it binds, what it changes, what it reads."""

    grade_id: str
    kind: str
    binds: frozenset[str]
    changes: frozenset[str]
    reads: frozenset[str]

    @classmethod
    def of(cls, cell: NotebookNode) -> _Node:
        about = cell_info(cell)
        names = (frozenset(defined(cell.source)), frozenset(_changed(cell.source)), frozenset(used(cell.source)))
        return cls(str(about.grade_id), about.kind, *names)


class _Chapter:
    """Code cells in order."""

    def __init__(self, nodes: list[_Node]) -> None:
        self.nodes = nodes

    def exercises_named_by(self, at: int) -> set[int]:
        """The exercises behind the names that a cell reads, looking through locked cells."""
        return {found for found in self._walk(at, through=("given",)) if self.nodes[found].kind == "solution"}

    def reached_from(self, at: int) -> set[int]:
        """All cells before a cell that it depends on, directly or through others."""
        return set(self._walk(at, through=("given", "solution")))

    def _walk(self, start: int, through: tuple[str, ...]) -> Iterator[int]:
        seen: set[int] = set()
        waiting = [start]
        while waiting:
            at = waiting.pop()
            for found in self._sources(at, start) - seen:
                seen.add(found)
                yield found
                if self.nodes[found].kind in through:
                    waiting.append(found)

    def _sources(self, at: int, until: int) -> set[int]:
        """The cells whose values the cell ``at`` reads, when the cell ``until`` is about to run."""
        found: set[int] = set()
        for name in self.nodes[at].reads:
            # The cell runs with what is bound before it; its functions, when they are called, with what is bound then.
            for end in (at, until):
                last = self._last_binding(name, end)
                if last is not None:
                    found.add(last)
                    found |= {i for i in range(last + 1, until) if name in self.nodes[i].changes}
        return found - {at}

    def _last_binding(self, name: str, end: int) -> int | None:
        # What a test binds stays with whoever examines.
        cells = (i for i in range(end - 1, -1, -1) if self.nodes[i].kind != "test")
        return next((i for i in cells if name in self.nodes[i].binds), None)


def _changed(source: str) -> set[str]:
    """The names whose objects a cell changes at its top level, as in ``Value.relu = relu``."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return set()
    targets: list[ast.expr] = []
    for statement in body:
        if isinstance(statement, ast.Assign):
            targets += statement.targets
        elif isinstance(statement, ast.AugAssign | ast.AnnAssign):
            targets.append(statement.target)
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            call = statement.value
            if isinstance(call.func, ast.Name) and call.func.id == "setattr" and call.args:
                targets.append(ast.Attribute(call.args[0], "", ast.Store()))
    return {name for target in targets if (name := _root(target))}


def _root(target: ast.expr) -> str:
    """``Value`` of ``Value.relu`` and of ``Value.table[3]``; empty for a plain name."""
    inner = target
    while isinstance(inner, ast.Attribute | ast.Subscript):
        inner = inner.value
    return inner.id if isinstance(inner, ast.Name) and inner is not target else ""
