from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.notebook.imports import imported_modules


def imported(*sources):
    return imported_modules(new_notebook(cells=[new_code_cell(source) for source in sources]))


def test_modules_come_once_and_in_order():
    assert imported("import numpy as np, os.path", "def f():\n    import torch\nimport numpy") == (
        "numpy", "os.path", "torch",
    )  # fmt: skip


def test_what_is_imported_from_a_module_may_be_one():
    assert imported("from scipy import signal as s, special") == ("scipy", "scipy.signal", "scipy.special")


def test_relative_imports_magics_and_prose_give_none():
    notebook = new_notebook(cells=[new_markdown_cell("import numpy"), new_code_cell("%timeit 1\nimport os")])
    assert imported_modules(notebook) == ()
    assert imported("from . import secret", "import") == ()
