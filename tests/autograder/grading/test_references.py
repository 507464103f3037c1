"""What computes right answers is neither in a kernel that runs a student's code nor in what students get."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.course import Course
from autograder.kernel.isolation import BUBBLEWRAP, available
from autograder.kernel.limits import Limits
from autograder.kernel.provisioner import cold, forked_from
from autograder.kernel.session import execute
from tests.conftest import ROOT

REFERENCES = tuple(Course(ROOT).settings.references)
BESIDE = tuple(f"{name.removesuffix('.reference')}.exercises" for name in REFERENCES if "chapter" in name)
LOOK = f"""
import importlib.util, workbook
print(workbook.__file__)
print([name for name in {REFERENCES} if importlib.util.find_spec(name) is not None])
print([name for name in {BESIDE} if importlib.util.find_spec(name) is None])
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
    assert found[:2] == ["[]", "[]"]


@pytest.mark.skipif(BUBBLEWRAP not in available().layers, reason="without bubblewrap a kernel sees its user's files")
def test_nothing_of_the_courses_folder_is_in_the_sandbox(warm):
    assert printed(forked_from(warm), FILES)[0] == "[]"
