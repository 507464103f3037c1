"""What computes right answers is neither in a kernel that runs a student's code nor in what students get."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.course import Course
from autograder.kernel.isolation import BUBBLEWRAP, available
from autograder.kernel.limits import Limits
from autograder.kernel.provisioner import cold, forked_from
from autograder.kernel.session import execute
from tests.conftest import ROOT

CHAPTERS = tuple(name.split(".")[1] for name in Course(ROOT).settings.references)
LOOK = f"""
import importlib.util, workbook
CHAPTERS = {CHAPTERS}
print(workbook.__file__)
for chapter in CHAPTERS:
    print(importlib.util.find_spec(f"workbook.{{chapter}}.exercises") is not None)
    print(importlib.util.find_spec(f"workbook.{{chapter}}.reference") is not None)
"""
FILES = f"""
import os
names = ("notebooks", "workbook", "authoring", "tests")
print([name for name in names if os.path.exists(os.path.join({str(ROOT)!r}, name))])
"""


def printed(kernels, source):
    with kernels.workplace() as place:
        notebook = new_notebook(cells=[new_code_cell(source)])
        manager, base = kernels.manager(place, Limits()), kernels.environment(place)
        (cell,) = execute(notebook, place / "work", base=base, manager=manager).notebook.cells
    return "".join(output.get("text", "") or str(output) for output in cell.outputs).split("\n")


@pytest.mark.parametrize("origin", ["forked", "cold"])
def test_a_kernel_has_copies_of_the_helpers_and_no_reference(origin, warm, course_code):
    if origin == "forked" and warm is None:
        pytest.skip("kernels are forked on Linux only")
    place, *found = printed(forked_from(warm) if origin == "forked" else cold(course_code), LOOK)
    assert place.startswith(str(course_code.folder)) and not place.startswith(str(ROOT))
    assert found[: 2 * len(CHAPTERS)] == ["True", "False"] * len(CHAPTERS)


@pytest.mark.skipif(BUBBLEWRAP not in available().layers, reason="without bubblewrap a kernel sees its user's files")
def test_nothing_of_the_courses_folder_is_in_the_sandbox(warm):
    assert printed(forked_from(warm), FILES)[0] == "[]"
