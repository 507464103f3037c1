"""Run test cells in this process, which the student's code never enters, and note what they concluded."""

from __future__ import annotations

import contextlib
import inspect
import io
import sys
import traceback
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.errors import CourseError
from autograder.kernel.channel import KernelChannel
from autograder.notebook.cells import cell_info, visible_source
from autograder.notebook.names import defined, definitions
from autograder.notebook.written_parameters import written_parameters
from autograder.referee.connection import Connection
from autograder.referee.figures import figures_of
from autograder.referee.folder import working_in
from autograder.referee.gradients import asks_for_gradients
from autograder.referee.logs import looks_at_logs
from autograder.referee.namespace import IN_KERNEL, CellNames, MainModule, Names
from autograder.referee.remote import Remote
from autograder.referee.run_cell import run_cell
from autograder.referee.student_files import StudentFiles
from autograder.referee.surroundings import Surroundings
from autograder.testing import CheckFailed, ReferenceMissing
from autograder.testing.connection import connected

_MAX_PRINTED = 20_000


class Examiner:
    """Examines one submission with the author's test cells.

    Args:
        source: the instructor's version with AUTOTEST lines instantiated; nothing of a submission's text is used.
        folder: holds the author's files, where the cells run; default: wherever this process is.

    Attributes:
        names: what the author's cells have defined so far.
        in_kernel: the grade ids of test cells that are left to the student's kernel.
        words: for each test cell that was examined, what it took on the word of the student's kernel.
    """

    def __init__(self, source: NotebookNode, folder: Path | None = None) -> None:
        self._folder = folder
        cells = [cell for cell in source.cells if cell.cell_type == "code"]
        self.names = Names(cells)
        self.words: dict[str, tuple[str, ...]] = {}
        # From the author's version: a student can put tags on any cell.
        self.in_kernel = in_kernel(source)
        self._written = {
            name: places
            for cell in cells
            if cell_info(cell).kind in ("solution", "other")
            for name, places in written_parameters(cell.source).items()
        }
        self._connection: Connection | None = None

    @property
    def changed_helpers(self) -> frozenset[str]:
        """The helper modules that were not what was shipped when a test used them in the student's kernel."""
        return frozenset(self._connection.helpers.changed) if self._connection else frozenset()

    def wants(self, cell: NotebookNode) -> bool:
        """True for the cells that are examined here and never reach the student's kernel."""
        return cell_info(cell).kind == "test" and cell_info(cell).grade_id not in self.in_kernel

    def examine(self, cell: NotebookNode, channel: KernelChannel) -> list[NotebookNode]:
        """Run the author's test cell of this name and return its outputs, as a kernel would have reported them.

        Raises:
            CourseError: if the author's own cells before it fail, or the test lacks the values it compares with.
        """
        with working_in(self._folder):
            return self._examined(cell, channel)

    def run_given(self) -> None:
        """Execute the author's locked cells that need nothing of a student's.

        Raises:
            CourseError: if one fails.
        """
        with working_in(self._folder):
            self.names.run_given()

    def _examined(self, cell: NotebookNode, channel: KernelChannel) -> list[NotebookNode]:
        test = self.names.advance(str(cell_info(cell).grade_id))
        scope = self.names.trusted
        filename = f"<{cell_info(test).grade_id}>"
        remote: dict[str, Any] = {}
        printed = io.StringIO()
        with (
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(io.StringIO()),
            StudentFiles(self._folder, test.source) as files,
        ):
            connection = self._connected(channel, test.source, files)
            seeds = connection.surroundings.seeds_noticed()
            with connected(connection), _sources_of(connection), figures_of(connection, test.source), seeds:
                try:
                    remote = connection.names(self.names.missing(test.source), self.names.own)
                    scope.update(remote)
                    cell_names = CellNames(self.names, connection)
                    with _as_main(cell_names), files.guard:
                        value = run_cell(test.source, filename, scope, cell_names)
                    outcome = [] if value is None else [_result(value)]
                except ReferenceMissing as error:
                    raise CourseError(
                        f"the test cell {cell_info(cell).grade_id!r} cannot check anything: {error}"
                    ) from error
                except (Exception, SystemExit) as error:
                    outcome = [_error(error, filename)]
            self._define_for_students(connection, test.source)
        self.words[str(cell_info(cell).grade_id)] = tuple(sorted(connection.words))
        self.names.forget(remote.keys() | self._left(test.source))
        text = printed.getvalue()[:_MAX_PRINTED]
        return [*([new_output("stream", name="stdout", text=text)] if text else []), *outcome]

    def _define_for_students(self, connection: Connection, source: str) -> None:
        """What students see a test cell import or define is theirs to use in the cells after it, as in a notebook."""
        shown = visible_source(source)
        wanted = definitions(shown, defined(shown) & self.names.used_by_students())
        if wanted:
            # Whatever goes wrong there, the cell that needs it says so.
            with contextlib.suppress(Exception):
                connection.define(wanted)

    def _connected(self, channel: KernelChannel, source: str, files: StudentFiles) -> Connection:
        around = Surroundings(files, looks_at_logs(source))
        if self._connection is None:
            self._connection = Connection(channel, self._written)
        self._connection.begin(channel, self.names.trusted.values(), asks_for_gradients(source), around)
        return self._connection

    def _left(self, source: str) -> set[str]:
        """The names that a test cell leaves to nobody: values of this submission that no later cell reads."""
        kept = types.FunctionType | types.ModuleType | type
        scope, later = self.names.trusted, self.names.read_later()
        bound = defined(source)
        students = {name for name in bound if self.names.is_students(name)}
        return students | {name for name in bound - later if type(scope.get(name)) not in kept.__args__}


def in_kernel(source: NotebookNode) -> frozenset[str]:
    """The grade ids of an author's test cells that run in the student's kernel, as nbgrader runs them."""
    tests = (cell for cell in source.cells if cell_info(cell).kind == "test")
    return frozenset(str(cell_info(c).grade_id) for c in tests if IN_KERNEL in c.metadata.get("tags", []))


@contextlib.contextmanager
def _as_main(names: CellNames) -> Iterator[None]:
    """Within the block, the module ``__main__`` is the top level of a test cell."""
    before = sys.modules["__main__"]
    sys.modules["__main__"] = MainModule(names)
    try:
        yield
    finally:
        sys.modules["__main__"] = before


@contextlib.contextmanager
def _sources_of(connection: Connection) -> Iterator[None]:
    """Within the block, ``inspect.getsource`` of a student's function asks the student's kernel."""
    original = inspect.getsource

    def getsource(function: Any) -> str:
        return connection.source(function) if isinstance(function, Remote) else original(function)

    with mock.patch.object(inspect, "getsource", getsource):
        yield


def _result(value: Any) -> NotebookNode:
    shown: NotebookNode = new_output("execute_result", data={"text/plain": repr(value)[:200]}, execution_count=None)
    return shown


def _error(error: BaseException, filename: str) -> NotebookNode:
    """The output of a failed cell, with the line of the cell in the form that IPython gives it."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == filename]
    place = [f"Cell In[0], line {lines[0]}"] if lines else []
    name, text = type(error).__name__, _text(error)
    shown = error._render_traceback_() if isinstance(error, CheckFailed) else [f"{name}: {text}"]
    output: NotebookNode = new_output(
        "error",
        ename=name,
        evalue=text,
        traceback=[*place, *(line[:_MAX_PRINTED] for line in shown)],
    )
    return output


def _text(error: BaseException) -> str:
    """What an error says, as far as it fits: a message may quote a value of hundreds of megabytes."""
    try:
        return str(error)[:_MAX_PRINTED]
    except (ValueError, TypeError, MemoryError, RecursionError) as other:
        return f"<{type(other).__name__} in the text of this error>"
