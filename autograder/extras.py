"""The extras of the installed package: a command that lacks one says which, and how to install it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version

from autograder.errors import AutograderError

DISTRIBUTION = "deep-learning-workbook"
# What the modules that each extra brings are called. A module that several extras bring is listed under the first.
# fmt: off
MODULES = {
    "grade": {
        "PIL", "alembic", "filelock", "jinja2", "jupytext", "markdown_it", "markupsafe", "matplotlib",
        "mdit_py_plugins", "nbgrader", "nh3", "pybtex", "pygments", "scipy", "sqlalchemy", "yaml",
    },
    "book": {"bs4", "docutils", "jupyter_book", "networkx", "pypdf", "quickjs", "sphinx"},
    "lite": {"jupyterlite_core", "jupyterlite_pyodide_kernel"},
    "cluster": {"dask", "distributed"},
    "course": {
        "efficientnet_lite_pytorch", "jupyterlab", "skimage", "sklearn", "threadpoolctl", "torch", "torchvision",
        "tqdm",
    },
}
# fmt: on
# Commands that need more than `grade`, and the extra that brings it all.
_WIDER = {"book": "book", "demo": "book"}


@contextmanager
def missing_extras_named(arguments: Sequence[str]) -> Iterator[None]:
    """Turn the lack of a package that an extra brings into an error that names the extra and how to install it.

    Args:
        arguments: the command line without the program's name.

    Raises:
        AutograderError: if a module of an extra is missing.
        ModuleNotFoundError: if any other module is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        module = (error.name or "").partition(".")[0]
        extra = next((name for name, modules in MODULES.items() if module in modules), None)
        if extra is None:
            raise
        command = next((argument for argument in arguments if not argument.startswith("-")), "")
        if extra == "grade":
            extra = _WIDER.get(command, extra)
        raise AutograderError(_advice(f"autograder {command}".strip(), module, extra)) from error


def _advice(command: str, module: str, extra: str) -> str:
    try:
        version(DISTRIBUTION)
    except PackageNotFoundError:
        # A student bundle, or a checkout that was not installed.
        return f"`{command}` needs the package of the module {module}: pip install -r requirements.txt"
    # Double quotes: every shell takes them, Windows' too.
    return f'`{command}` needs the extra {extra}: pip install "{DISTRIBUTION}[{extra}]" (there is no module {module})'
