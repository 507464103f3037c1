"""Which names of a test cell are the author's, and which are the student's.

A name is the student's where the author's own answer, or another cell that the student may edit, defines it. A test
that binds such a name binds it in the student's kernel, too. Every other name that a test needs is looked for, in this
order: what the author's locked cells and the tests before it define; Python's built-ins; the student's objects. A
locked cell that needs something of the student's belongs to the student's side, and so does what it defines.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import io
import types
from collections.abc import Iterator, MutableMapping, Sequence, Set
from typing import Any

from nbformat import NotebookNode

from autograder.errors import CourseError
from autograder.notebook.cells import cell_info, without_solutions
from autograder.notebook.names import classes, defined, import_statements, named_in_texts, read_first, used
from autograder.referee.connection import Connection
from autograder.referee.run_cell import interactive_names, run_cell

# A locked cell with this tag is the student's to run: what it makes (networks, say) must live beside their code.
STUDENT_SIDE = "student-side"
# A test cell with this tag runs in the student's kernel, as nbgrader runs it, where course.toml allows it.
IN_KERNEL = "in-kernel"
_BUILTINS = frozenset(dir(builtins))


class Names:
    """The author's names as they stand at each point of a chapter.

    Args:
        cells: the chapter's code cells in order, from the instructor's version.

    Attributes:
        trusted: the author's names and their values.
        own: the student's names that are classes, or objects made with them, in the author's answers.
    """

    def __init__(self, cells: Sequence[NotebookNode]) -> None:
        self._cells = list(cells)
        # What other cells than answers read.
        self._wanted = {name for cell in cells if cell_info(cell).kind != "solution" for name in used(cell.source)}
        self._done = 0
        self._of_tests: set[str] = set()
        self._students: set[str] = set()
        self.own: set[str] = set()
        self.trusted: dict[str, Any] = {
            "__name__": "__main__", "__builtins__": builtins, **interactive_names(),
        }  # fmt: skip

    def copy(self) -> Names:
        """The names as they are now, to be gone on with from here several times."""
        other = Names(self._cells)
        other._done, other._of_tests, other.trusted = self._done, set(self._of_tests), dict(self.trusted)
        other._students, other.own = set(self._students), set(self.own)
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
            self._pass(cell)
        self._done = max(self._done, place)
        return self._cells[place]

    def run_given(self) -> None:
        """Execute every locked cell of the author's that needs nothing of a student's.

        Raises:
            CourseError: if one fails.
        """
        for cell in self._cells[self._done :]:
            self._pass(cell)
        self._done = len(self._cells)

    def missing(self, source: str) -> list[str]:
        """The names that ``source`` needs of the student's."""
        read = read_first(source) | named_in_texts(source)
        known = _BUILTINS | self.trusted.keys() | self._of_tests | (defined(source) - self._students)
        return sorted((read & self._students - self.trusted.keys()) | (read - known))

    def is_students(self, name: str) -> bool:
        """True for a name whose value is the student's."""
        return name in self._students

    def forget(self, names: Set[str]) -> None:
        """Take names away from the author's side: they are the student's from here on, if the student has them."""
        for name in names:
            self.trusted.pop(name, None)

    def read_later(self) -> set[str]:
        """The names that the author's cells from the next one on read."""
        later = [cell for cell in self._cells[self._done + 1 :] if cell_info(cell).kind in ("test", "given")]
        return {name for cell in later for name in (used(cell.source) | read_first(cell.source))}

    def used_by_students(self) -> set[str]:
        """The names that cells of the student's side from the next one on read."""
        later = [cell for cell in self._cells[self._done + 1 :] if cell_info(cell).kind != "test"]
        return {name for cell in later for name in read_first(cell.source)}

    def _pass(self, cell: NotebookNode) -> None:
        kind = cell_info(cell).kind
        if kind == "given":
            self._given(cell)
        elif kind == "test" and IN_KERNEL not in cell.metadata.get("tags", []):
            # The author's, also where the test failed before it got to define them.
            self._of_tests |= defined(cell.source) - self._students
        else:
            self._editable(cell)

    def _editable(self, cell: NotebookNode) -> None:
        """A cell whose names the student defines. What the author's own text imports there is imported here."""
        self._hand_over(defined(cell.source), cell.source)
        # Nobody else defines what is imported: a check, or a library, is the referee's own.
        for name, statement in import_statements(without_solutions(cell.source)).items():
            if (name in self._wanted or name.startswith("* of ")) and self._import(statement):
                self._students.discard(name)
        for name, statement in import_statements(cell.source).items():
            if name in self._wanted and isinstance(statement, ast.Import) and self._import(statement):
                self._students.discard(name)

    def _import(self, statement: ast.stmt) -> bool:
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                run_cell(ast.unparse(statement), "<import>", self.trusted)
        except Exception:
            # The student's kernel has it, or the cell that needs it says so.
            return False
        return True

    def _hand_over(self, names: Set[str], source: str) -> None:
        self.forget(names)
        self._students |= names
        self._of_tests -= names
        self.own -= names
        self.own |= classes(source)

    def _given(self, cell: NotebookNode) -> None:
        if STUDENT_SIDE in cell.metadata.get("tags", []) or self.missing(cell.source):
            self._editable(cell)
            return
        uncertain = read_first(cell.source) & self._of_tests
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                run_cell(cell.source, f"<{cell_info(cell).grade_id}>", self.trusted)
        except MemoryError:
            raise
        except Exception as error:
            if uncertain:
                # It uses what a test before it has made, which depends on the submission.
                self._of_tests |= defined(cell.source)
                return
            kind = type(error).__name__
            raise CourseError(f"the locked cell {cell_info(cell).grade_id!r} fails with {kind}: {error}.") from error
        self._students -= defined(cell.source)


class MainModule(types.ModuleType):
    """What a test cell finds as the module ``__main__``: the names of its top level."""

    def __init__(self, cell: CellNames) -> None:
        super().__init__("__main__")
        self.__dict__["_cell"] = cell

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["_cell"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        self.__dict__["_cell"][name] = value

    def __delattr__(self, name: str) -> None:
        del self.__dict__["_cell"][name]

    def __dir__(self) -> list[str]:
        return list(self.__dict__["_cell"])


class CellNames(MutableMapping[str, Any]):
    """The top level of one test cell: what it binds of the student's names is bound in the student's kernel, too."""

    def __init__(self, names: Names, connection: Connection) -> None:
        self._names, self._connection = names, connection

    def __getitem__(self, name: str) -> Any:
        return self._names.trusted[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._names.trusted[name] = value
        if self._names.is_students(name):
            self._connection.bind(name, value)

    def __delitem__(self, name: str) -> None:
        del self._names.trusted[name]
        if self._names.is_students(name):
            self._connection.unbind(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names.trusted)

    def __len__(self) -> int:
        return len(self._names.trusted)
