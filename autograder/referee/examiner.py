"""Run test cells in this process, which the student's code never enters, and note what they concluded."""

from __future__ import annotations

import ast
import contextlib
import io
import traceback
import types
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.errors import CourseError
from autograder.kernel.channel import KernelChannel
from autograder.notebook.cells import cell_info
from autograder.referee.namespace import Names, defined
from autograder.referee.remote import Connection
from autograder.testing import CheckFailed, ReferenceMissing
from autograder.testing.connection import connected

_MAX_PRINTED = 20_000


class Examiner:
    """Examines one submission with the author's test cells.

    Args:
        source: the instructor's version with AUTOTEST lines instantiated; nothing of a submission's text is used.

    Attributes:
        names: what the author's cells have defined so far.
    """

    def __init__(self, source: NotebookNode) -> None:
        self.names = Names([cell for cell in source.cells if cell.cell_type == "code"])

    def wants(self, cell: NotebookNode) -> bool:
        """True for the cells that are examined here and never reach the student's kernel."""
        return cell_info(cell).kind == "test"

    def examine(self, cell: NotebookNode, channel: KernelChannel) -> list[NotebookNode]:
        """Run the author's test cell of this name and return its outputs, as a kernel would have reported them.

        Raises:
            CourseError: if the author's own cells before it fail, or the test lacks the values it compares with.
        """
        test = self.names.advance(str(cell_info(cell).grade_id))
        connection, scope = Connection(channel), self.names.trusted
        filename = f"<{cell_info(test).grade_id}>"
        remote: dict[str, Any] = {}
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()), connected(connection):
            try:
                remote = connection.names(self.names.missing(test.source))
                scope.update(remote)
                value = _run(test.source, filename, scope)
                outcome = [] if value is None else [_result(value)]
            except ReferenceMissing as error:
                raise CourseError(
                    f"the test cell {cell_info(cell).grade_id!r} cannot check anything: {error}"
                ) from error
            except (Exception, SystemExit) as error:
                outcome = [_error(error, filename)]
        self.names.forget(remote.keys() | _results(test.source, scope))
        text = printed.getvalue()[:_MAX_PRINTED]
        return [*([new_output("stream", name="stdout", text=text)] if text else []), *outcome]


def _run(source: str, filename: str, scope: dict[str, Any]) -> Any:
    """Execute a cell as IPython does: the value of a last line that is an expression is the cell's."""
    tree = ast.parse(source, filename)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        exec(compile(tree, filename, "exec"), scope)
        return None
    exec(compile(ast.Module(tree.body[:-1], []), filename, "exec"), scope)
    return eval(compile(ast.Expression(last.value), filename, "eval"), scope)


def _results(source: str, scope: dict[str, Any]) -> set[str]:
    """The names a test cell bound to values of this submission: all but its functions, classes and modules."""
    kept = types.FunctionType | types.ModuleType | type
    return {name for name in defined(source) if not isinstance(scope.get(name), kept)}


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
