"""Small changes of right answers: what they are, and that visible checks see those that cost points."""

import pytest

from autograder.course import Course
from autograder.grading.source import prepare_source
from tests.support.green_but_wrong import judged
from tests.support.inprocess import ROOT
from tests.support.mutants import changed_sources, mutants

SOURCE = """\
def f(x, axis=0):
    y = np.max(x, axis=axis)
    y[0] = 1.5
    return x - y"""


def test_each_change_is_named_with_its_line_and_made_once():
    changed = dict(changed_sources(SOURCE))
    assert set(changed) == {
        "one-more-line-1", "without-axis-line-2", "max-to-min-line-2", "one-more-line-3", "twice-line-3",
        "left-out-3-line-1", "sub-to-add-line-4", "operands-swapped-line-4",
    }  # fmt: skip
    assert len(set(changed.values())) == len(changed)
    assert "return y - x" in changed["operands-swapped-line-4"]
    assert "axis=1)" in changed["one-more-line-1"] and "1.5" not in changed["left-out-3-line-1"]


@pytest.mark.thorough
@pytest.mark.parametrize("chapter", ["01_activation_derivatives", "05_numpy_convolution"])
def test_no_change_of_a_right_answer_is_called_correct_and_loses_points(chapter):
    notebook = prepare_source(Course(ROOT), chapter)
    results = judged(notebook, mutants(notebook))
    assert [(one.answer.grade_id, one.answer.mistake) for one in results if one.green] == []
    assert sum(bool(one.lost) for one in results) > 60
