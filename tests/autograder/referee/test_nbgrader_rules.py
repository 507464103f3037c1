"""``--nbgrader-scoring`` gives the points that nbgrader's own function gives, accidents included."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.kernel.session import Execution
from autograder.referee.nbgrader_rules import judge_like_nbgrader
from autograder.referee.scoring import judge
from tests.support.toy import meta


def executed(*outputs):
    cell = new_code_cell("f()", metadata=meta("test-f", grade=True, locked=True, points=4), outputs=list(outputs))
    return Execution(new_notebook(cells=[cell]), {0: 0.1})


def result(text):
    return new_output("execute_result", data={"text/plain": text}, execution_count=1)


def stream(name):
    return new_output("stream", name=name, text="words")


ERROR = new_output("error", ename="AssertionError", evalue="", traceback=[])


def reference(execution):
    from nbgrader.utils import determine_grade

    try:
        return float(determine_grade(execution.notebook.cells[0])[0])
    except (ValueError, KeyError):
        return 0.0


outputs = st.lists(
    st.sampled_from(["1", "4", "0", "2.5", "-1", "nan", "word", "9", "np.float64(2.0)", "True"]).map(result)
    | st.sampled_from(["stdout", "stderr"]).map(stream)
    | st.just(ERROR)
    | st.just(new_output("display_data", data={"text/plain": "3"})),
    max_size=4,
)


@given(outputs)
def test_points_are_nbgraders(cell_outputs):
    execution = executed(*cell_outputs)
    (task,) = judge_like_nbgrader(execution)
    assert task.points == reference(execution)
    assert (task.status == "passed") == (task.points == task.max_points)


@pytest.mark.parametrize(
    ("cell_outputs", "strict", "nbgraders"),
    [
        ([stream("stderr")], 4, 0),
        ([result("nan")], 0, 4),
        ([result("-1")], 0, 4),
        ([result("9")], 0, 0),
        ([result("2.5")], 2.5, 2.5),
        ([ERROR], 0, 0),
        ([], 4, 4),
    ],
)
def test_where_the_rules_differ(cell_outputs, strict, nbgraders):
    execution = executed(*cell_outputs)
    assert judge(execution)[0].points == strict
    assert judge_like_nbgrader(execution)[0].points == nbgraders


def test_a_cell_that_never_ran_earns_everything_there_and_nothing_here():
    execution = Execution(executed().notebook, {}, fault="the kernel died", fault_index=None)
    assert judge(execution)[0].points == 0
    assert judge_like_nbgrader(execution)[0].points == 4
