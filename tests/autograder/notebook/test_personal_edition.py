"""The line that differs from student to student."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook

from autograder.notebook.personal_edition import ANYONE, named_students, personal_edition, varies
from autograder.testing.seed import personal_seed
from tests.support.toy import meta, toy_notebook

LINE = 'STUDENT = "anonymous"  ### PER STUDENT'


def notebook(source=f"import numpy as np\n\n{LINE}\nseed = 1", **flags):
    return new_notebook(cells=[new_code_cell(source, metadata=meta("setup", **{"locked": True, **flags}))])


@given(st.text())
def test_any_name_stands_in_the_line_and_nowhere_else(name):
    text = personal_edition(notebook(), name).cells[0].source
    names = {}
    exec(compile(ast.parse(text.replace("import numpy as np", "")), "cell", "exec"), names)
    assert (names["STUDENT"], names["seed"]) == (name, 1)
    assert named_students(personal_edition(notebook(), name)) == {name}


def test_a_name_can_be_replaced_again():
    named = personal_edition(notebook(), 'a "quoted" \\ name')
    assert personal_edition(named, ANYONE).cells[0].source == notebook().cells[0].source


@pytest.mark.parametrize(
    "fixed",
    [
        toy_notebook(),
        notebook('STUDENT = "anonymous"'),
        notebook(f"    {LINE}"),
        notebook(locked=False),
        notebook(solution=True),
    ],
    ids=["toy", "unmarked", "indented", "unlocked", "answer"],
)
def test_other_notebooks_are_the_same_for_everyone(fixed):
    assert not varies(fixed)
    assert personal_edition(fixed, "ada") is fixed


@given(st.text(), st.text(), st.text(), st.text())
def test_seeds_differ_by_student_and_purpose(student, purpose, other, another):
    same = (student, purpose) == (other, another)
    assert (personal_seed(student, purpose) == personal_seed(other, another)) == same
    assert 0 <= personal_seed(student, purpose) < 2**64
