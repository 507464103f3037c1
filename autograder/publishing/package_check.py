"""A first cell for handed-out notebooks: it says what is missing where one is opened without the rest of the bundle.

It also imports what kernels of the course begin with, which a plain Jupyter kernel does not do by itself.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Sequence

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.notebook.imports import imported_modules
from autograder.notebook.released_cells import PACKAGE_CHECK

_ENGINE = "autograder"
# IPython shows what _render_traceback_ returns in place of a traceback.
_SOURCE = """\
# This cell shows nothing, unless something that the notebook needs is missing: then it says what to do.
from importlib import import_module
from importlib.util import find_spec


class MissingPackage(ImportError):
    def _render_traceback_(self):
        return [str(self)]


for name in {helpers}:
    if find_spec(name) is None:
        raise MissingPackage(
            f"The helper package {{name!r}} is not in the folder of this notebook. Download the course's bundle, "
            "a zip, from the page that offers this notebook; unpack it and open the notebook that is inside."
        )
for name in {libraries}:
    if find_spec(name) is None:
        raise MissingPackage(
            f"{{name}} is not installed. Run this in a cell, in the folder of the bundle, and restart the kernel: "
            "%pip install -r requirements.txt"
        )
for name in {startup}:
    import_module(name)
del find_spec, import_module, name"""


def with_package_check(notebook: NotebookNode, helpers: Sequence[str], startup: Sequence[str] = ()) -> NotebookNode:
    """A copy of a student notebook with a cell after the title that names the first package that is missing.

    Args:
        notebook: left unchanged. One that imports nothing but the standard library gets no cell, unless there are
            ``startup`` modules.
        helpers: the packages that are in the bundle and nowhere else, without the engine.
        startup: modules that every kernel of the course imports first; so does this cell.
    """
    tops = {module.partition(".")[0] for module in (*imported_modules(notebook), *startup)} - sys.stdlib_module_names
    beside = [name for name in (_ENGINE, *helpers) if name in tops]
    installed = sorted(tops - set(beside))
    result = copy.deepcopy(notebook)
    if beside or installed:
        source = _SOURCE.format(helpers=_tuple(beside), libraries=_tuple(installed), startup=_tuple(startup))
        # Folded away in JupyterLab: nobody has to read it.
        result.cells.insert(1, new_code_cell(source, id=PACKAGE_CHECK, metadata={"jupyter": {"source_hidden": True}}))
    return result


def _tuple(names: Sequence[str]) -> str:
    quoted = [f'"{name}"' for name in names]
    return f"({quoted[0]},)" if len(quoted) == 1 else f"({', '.join(quoted)})"
