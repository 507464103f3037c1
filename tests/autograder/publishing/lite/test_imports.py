"""What a chapter needs is found in its cells, in the modules that these import, and in the names of references."""

import pytest

from autograder.course import Course
from autograder.publishing.lite.imports import Imports, imports_of, outside, own_modules


@pytest.fixture
def course(tmp_path):
    """A course whose helper imports NumPy at once, SciPy when it is called, and torch where a check names it."""
    helper = tmp_path / "kit"
    (helper / "first").mkdir(parents=True)
    (tmp_path / "course.toml").write_text('helpers = ["kit"]\nreferences = ["kit.secret"]\n')
    (helper / "__init__.py").write_text("import numpy\n")
    (helper / "plot.py").write_text("def draw():\n    import scipy.stats\n")
    (helper / "first" / "__init__.py").write_text("from ..plot import draw\n")
    (helper / "first" / "checks.py").write_text('NAMED = "kit.right:half"\n')
    (helper / "right.py").write_text("import torch\n")
    (helper / "secret.py").write_text("import torch\n")
    return Course(tmp_path)


def needs(course, source):
    return outside(imports_of(source), own_modules(course))


def test_python_and_the_course_itself_are_not_counted(course):
    assert needs(course, "import os, kit.first\nfrom autograder.testing import call").at_once == {"numpy"}


def test_what_a_function_imports_is_told_apart(course):
    assert "scipy" in needs(course, "from kit.first import draw").late
    assert "scipy" not in needs(course, "import kit").late


def test_a_module_that_a_text_names_counts_as_imported(course):
    assert "torch" in needs(course, "from kit.first import checks").at_once
    assert "torch" not in needs(course, "import kit.first").at_once


def test_a_reference_that_students_do_not_get_counts_for_nothing(course):
    assert "torch" not in needs(course, 'import kit\nNAMED = "kit.secret:half"').at_once


def test_imports_for_type_checkers_do_not_count():
    source = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import torch\nelse:\n    import numpy"
    assert {"torch", "numpy"} & imports_of(source).at_once == {"numpy"}


def test_what_is_not_python_imports_nothing():
    assert imports_of("%matplotlib inline\nimport torch") == Imports()


def test_an_import_that_may_fail_is_not_needed():
    found = imports_of("try:\n    import torch\nexcept ImportError:\n    print()\nelse:\n    import numpy")
    assert (found.at_once, found.late) == ({"numpy"}, {"torch"})
