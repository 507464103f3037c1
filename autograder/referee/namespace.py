"""Which names of a test cell are the author's, and which are the student's.

A test cell sees, in this order: Python's built-ins; what the author's locked cells before it import or define;
otherwise the student's objects. A locked cell that needs something of the student's belongs to the student's side,
and so does what it defines.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import symtable
from collections.abc import Iterator, Sequence
from typing import Any

from nbformat import NotebookNode

from autograder.errors import CourseError
from autograder.notebook.cells import cell_info

# A locked cell with this tag is the student's to run: what it makes (networks, say) must live beside their code.
STUDENT_SIDE = "student-side"
_BUILTINS = frozenset(dir(builtins))


class Names:
    """The author's names as they stand at each point of a chapter.

    Args:
        cells: the chapter's code cells in order, from the instructor's version.
    """

    def __init__(self, cells: Sequence[NotebookNode]) -> None:
        self._cells = list(cells)
        self._done = 0
        self._of_tests: set[str] = set()
        self.trusted: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}

    def copy(self) -> Names:
        """The names as they are now, to be gone on with from here several times."""
        other = Names(self._cells)
        other._done, other._of_tests, other.trusted = self._done, set(self._of_tests), dict(self.trusted)
        return other

    def advance(self, grade_id: str) -> NotebookNode:
        """Execute the author's cells up to the test cell ``grade_id``, unless that was done, and return that cell.

        Raises:
            CourseError: if there is no such cell, or an author's cell fails.
        """
        place = next((at for at, cell in enumerate(self._cells) if cell_info(cell).grade_id == grade_id), None)
        if place is None:
            raise CourseError(f"the chapter has no test cell {grade_id!r}.")
        for cell in self._cells[self._done : place]:
            kind = cell_info(cell).kind
            if kind == "given":
                self._given(cell)
            elif kind == "solution":
                self.forget(defined(cell.source))
                self._of_tests -= defined(cell.source)
            elif kind == "test":
                # The author's, also where the test failed before it got to define them.
                self._of_tests |= defined(cell.source)
        self._done = max(self._done, place)
        return self._cells[place]

    def missing(self, source: str) -> list[str]:
        """The names that ``source`` uses and neither Python nor the author's cells define."""
        return sorted(used(source) - _BUILTINS - self.trusted.keys() - self._of_tests)

    def forget(self, names: set[str]) -> None:
        """Take names away from the author's side: they are the student's from here on."""
        for name in names:
            self.trusted.pop(name, None)

    def _given(self, cell: NotebookNode) -> None:
        mine = defined(cell.source)
        if STUDENT_SIDE in cell.metadata.get("tags", []) or self.missing(cell.source):
            self.forget(mine)
            return
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(cell.source, f"<{cell_info(cell).grade_id}>", "exec"), self.trusted)
        except Exception as error:
            raise CourseError(f"the given cell {cell_info(cell).grade_id!r} fails: {error}") from error


def defined(source: str) -> set[str]:
    """The names that a cell binds at its top level, or declares global in a function."""
    try:
        table = symtable.symtable(source, "<cell>", "exec")
    except SyntaxError:
        return set()
    top = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace()}
    inner = {s.get_name() for scope in _scopes(table) for s in scope.get_symbols() if s.is_declared_global()}
    return top | inner


def used(source: str) -> set[str]:
    """The global names that a cell reads, in its functions and classes, too, and does not bind itself."""
    try:
        table = symtable.symtable(source, "<cell>", "exec")
    except SyntaxError:
        return set()
    top = {s.get_name() for s in table.get_symbols() if s.is_referenced()}
    inner = {s.get_name() for scope in _scopes(table) for s in scope.get_symbols() if s.is_global()}
    return (top | inner) - defined(source)


def _scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _scopes(child)
