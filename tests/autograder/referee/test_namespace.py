"""Whose name is it: Python's, the author's or the student's?"""

import pytest
from nbformat.v4 import new_code_cell

from autograder.errors import CourseError
from autograder.notebook.names import defined, used
from autograder.referee.namespace import STUDENT_SIDE, Names
from tests.support.toy import meta


def given_cell(grade_id, source, tags=()):
    return new_code_cell(source, metadata={**meta(grade_id, locked=True), "tags": list(tags)})


def answer(grade_id, source):
    return new_code_cell(source, metadata=meta(grade_id, solution=True))


def exam(grade_id, source="f(1)"):
    return new_code_cell(source, metadata=meta(grade_id, grade=True, locked=True, points=1))


def test_names_are_read_off_the_source():
    source = "import numpy as np\nfrom a import b as c\nx = y + 1\n"
    source += "def f(p, q=z):\n    global g\n    g = p + h\n    return [k for k in m]"
    assert defined(source) == {"np", "c", "x", "f", "g"}
    assert used(source) == {"y", "z", "h", "m"}
    assert used("x = x + 1") == set()
    assert defined("x = (") == used("x = (") == set()


def test_the_authors_names_come_before_the_students():
    names = Names([given_cell("setup", "import math\nsize = 3"), answer("f", "def f(x): ..."), exam("test-f")])
    names.advance("test-f")
    assert names.missing("f(size, math.pi, len(other))") == ["f", "other"]
    assert names.trusted["size"] == 3


def test_a_locked_cell_that_uses_an_answer_belongs_to_the_student():
    cells = [answer("f", "def f(x): ..."), given_cell("use", "def twice(x):\n    return f(f(x))"), exam("test-f")]
    names = Names(cells)
    names.advance("test-f")
    assert names.missing("twice(1)") == ["twice"]


def test_a_tag_gives_a_locked_cell_to_the_student():
    names = Names([given_cell("networks", "def build(): ...", [STUDENT_SIDE]), exam("test-f")])
    names.advance("test-f")
    assert names.missing("build()") == ["build"]


def test_an_answer_takes_a_name_over():
    cells = [given_cell("before", "model = None"), answer("model", "model = 1"), exam("test-model")]
    names = Names(cells)
    names.advance("test-model")
    assert names.missing("model") == ["model"]


def test_test_cells_may_come_in_another_order():
    names = Names([given_cell("setup", "a = 1"), exam("test-1", "first"), exam("test-2", "second")])
    assert names.advance("test-2").source == "second"
    assert names.advance("test-1").source == "first"


def test_a_fault_of_the_authors_is_said_to_be_one():
    with pytest.raises(CourseError, match="'setup' fails"):
        Names([given_cell("setup", "1 / 0"), exam("test-f")]).advance("test-f")
    with pytest.raises(CourseError, match="no test cell"):
        Names([]).advance("test-f")
