"""Turn ``### AUTOTEST`` lines into asserts by running the instructor's solution, with nbgrader's InstantiateTests."""

from __future__ import annotations

import copy
import os
import re
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.errors import CourseError, KernelError
from autograder.kernel.cold import KERNEL_NAME
from autograder.kernel.course_code import NO_CODE, STARTUP, CourseCode
from autograder.kernel.limits import AUTHOR_SECONDS, HEADLESS
from autograder.notebook.cells import cell_info

_LINE = re.compile(r"^\s*#.*\bAUTOTEST\b", re.MULTILINE)
_SETTINGS = f'import os\nos.environ["{HEADLESS}"] = "1"\nos.environ["MPLBACKEND"] = "agg"'


def has_autotests(notebook: NotebookNode) -> bool:
    """True where a code cell holds an AUTOTEST line."""
    return any(cell.cell_type == "code" and _LINE.search(cell.source) for cell in notebook.cells)


def instantiate(
    notebook: NotebookNode,
    templates: Path,
    code: CourseCode = NO_CODE,
    left_out: Collection[int] = (),
    seconds: float = AUTHOR_SECONDS,
    folder: Path | None = None,
) -> NotebookNode:
    """A copy of an instructor notebook with every AUTOTEST line replaced by asserts.

    Only given, solution and test cells are executed for it: experiments cannot change what a test expects.

    Args:
        notebook: the instructor version; left unchanged.
        templates: the folder with ``autotests.yml``.
        code: what the course adds to the kernel.
        left_out: indices of further cells that are not executed; they hold no AUTOTEST line.
        seconds: wall time for all cells together.
        folder: the kernel's working directory; default: that of the templates.

    Raises:
        CourseError: if the templates are missing, or a cell fails while the solutions run.
        KernelError: if the time is over; the message names the cell.
    """
    result = copy.deepcopy(notebook)
    if not has_autotests(notebook):
        return result
    if not (templates / "autotests.yml").is_file():
        raise CourseError(
            f"{templates} has no autotests.yml, but a test cell uses AUTOTEST. Add the file or the tests."
        )
    # The cells are shared with ``result``, so their sources change there, too. One that is left out keeps its place:
    # nbgrader salts hashes with a cell's position.
    cells = [
        new_code_cell() if index in left_out else cell
        for index, cell in enumerate(result.cells)
        if cell.cell_type == "code" and cell_info(cell).kind != "other"
    ]
    graded = copy.copy(result)
    begin = [] if folder is None else [_moved_to(folder, code)]
    startup = "\n".join([_SETTINGS, *begin, *(f"import {name}" for name in code.startup)])
    graded.cells = [new_code_cell(startup, id="startup"), *cells]
    graded.metadata = {**result.metadata, "kernelspec": {"name": KERNEL_NAME, "language": "python"}}
    with _kernel_settings(code):
        _run_step(graded, templates, seconds)
    return result


def _moved_to(folder: Path, code: CourseCode) -> str:
    """Code that makes ``folder`` the working directory of a kernel that was started in the course's folder.

    There, ipykernel takes the first entry off the import path if it is the working directory, be it that of the helper
    packages, see ``ipykernel_launcher.py``.
    """
    first = ["", *([] if code.folder is None else [str(code.folder)])]
    return f"import os, sys; os.chdir({str(folder)!r}); sys.path[:0] = {first!r}"


def _run_step(graded: NotebookNode, templates: Path, seconds: float) -> None:
    """Let nbgrader's step replace the lines of ``graded``; whatever stops it, no kernel is left behind."""
    # Late, because importing nbgrader takes over a second.
    from autograder.grading.autotest_step import LimitedInstantiateTests

    step = LimitedInstantiateTests(seconds)
    try:
        step.preprocess(graded, {"metadata": {"path": str(templates)}})
    except TimeoutError as error:
        raise KernelError(
            f"timeout: while automatic tests were made, the run reached the limit of {seconds:g} s for one notebook in "
            f"cell {_name(step.cell)!r}. Expected it to end sooner; run the command again when the machine is less "
            "busy, or make the cell lighter."
        ) from error
    except Exception as error:
        # nbclient's CellExecutionError cannot be printed here: nbgrader builds it without its parts.
        reason = (
            f"{error.ename}: {error.evalue}"
            if isinstance(error, CellExecutionError)
            else f"{type(error).__name__}: {error}"
        )
        raise CourseError(
            f"cell {_name(step.cell)!r} failed while automatic tests were made: {reason}. "
            "Expected the solutions and tests to run; fix the cell."
        ) from error
    finally:
        step.end_kernel()


def _name(cell: NotebookNode | None) -> str:
    """A cell's name for a message."""
    return "startup" if cell is None else str(cell_info(cell).grade_id or cell.get("id"))


@contextmanager
def _kernel_settings(code: CourseCode) -> Iterator[None]:
    """Settings for the kernels that nbgrader starts from this process, for the length of the block.

    They find the course's packages, and warn of nothing: they use TCP, on this machine and for a moment.
    """
    before = {name: os.environ.get(name) for name in ("IPYTHONDIR", "PYTHONPATH")}
    with tempfile.TemporaryDirectory(prefix="ipython-") as folder:
        profile = Path(folder) / "profile_default"
        profile.mkdir()
        (profile / "ipython_kernel_config.py").write_text("get_config().IPKernelApp.log_level = 40\n")
        variables = code.environment(before["PYTHONPATH"] or "")
        variables.pop(STARTUP, None)  # these kernels do not read it
        os.environ.update({"IPYTHONDIR": folder, **variables})
        try:
            yield
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value
