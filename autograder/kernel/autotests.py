"""Turn ``### AUTOTEST`` lines into asserts by running the instructor's solution, with nbgrader's InstantiateTests."""

from __future__ import annotations

import copy
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.errors import CourseError
from autograder.kernel.cold import KERNEL_NAME
from autograder.notebook.cells import info

_LINE = re.compile(r"^\s*#.*\bAUTOTEST\b", re.MULTILINE)
_SETTINGS = 'import os\nos.environ["WORKBOOK_EMBEDDED"] = "1"\nos.environ["MPLBACKEND"] = "agg"'


def has_autotests(notebook: NotebookNode) -> bool:
    """True where a code cell holds an AUTOTEST line."""
    return any(cell.cell_type == "code" and _LINE.search(cell.source) for cell in notebook.cells)


def instantiate(notebook: NotebookNode, templates: Path) -> NotebookNode:
    """A copy of an instructor notebook with every AUTOTEST line replaced by asserts.

    Only given, solution and test cells are executed for it: experiments cannot change what a test expects.

    Args:
        notebook: the instructor version; left unchanged.
        templates: the folder with ``autotests.yml``.

    Raises:
        CourseError: if the templates are missing, or a cell fails while the solutions run.
    """
    from nbgrader.preprocessors import InstantiateTests

    result = copy.deepcopy(notebook)
    if not has_autotests(notebook):
        return result
    if not (templates / "autotests.yml").is_file():
        raise CourseError(
            f"{templates} has no autotests.yml, but a test cell uses AUTOTEST. Add the file or the tests."
        )
    cells = [cell for cell in result.cells if cell.cell_type == "code" and info(cell).kind != "other"]
    graded = copy.copy(result)
    graded.cells = [new_code_cell(_SETTINGS), *cells]
    graded.metadata = {**result.metadata, "kernelspec": {"name": KERNEL_NAME, "language": "python"}}
    step = InstantiateTests()
    try:
        # The cells are shared with ``result``, so their sources change there, too.
        with _quiet_kernels():
            step.preprocess(graded, {"metadata": {"path": str(templates)}})
    except Exception as error:
        if step.kc is not None:
            step.kc.shutdown()
        # nbclient's CellExecutionError cannot be printed here: nbgrader builds it without its parts.
        reason = (
            f"{error.ename}: {error.evalue}"
            if isinstance(error, CellExecutionError)
            else f"{type(error).__name__}: {error}"
        )
        raise CourseError(f"an AUTOTEST could not be made, because a solution or test cell failed: {reason}") from error
    return result


@contextmanager
def _quiet_kernels() -> Iterator[None]:
    """Let kernels that others start warn of nothing: nbgrader's use TCP, on this machine and for a moment."""
    before = os.environ.get("IPYTHONDIR")
    with tempfile.TemporaryDirectory(prefix="ipython-") as folder:
        profile = Path(folder) / "profile_default"
        profile.mkdir()
        (profile / "ipython_kernel_config.py").write_text("get_config().IPKernelApp.log_level = 40\n")
        os.environ["IPYTHONDIR"] = folder
        try:
            yield
        finally:
            del os.environ["IPYTHONDIR"]
            if before is not None:
                os.environ["IPYTHONDIR"] = before
