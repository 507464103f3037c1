"""Which failed tests are examined again, with what, and what they earn."""

from __future__ import annotations

import pytest

from autograder.grading.exercise_graph import exercise_graph
from autograder.grading.follow_through import Candidates, Reexamination, credited, failed_tests
from autograder.grading.reexamined_notebook import with_authors_answers
from autograder.notebook.cells import cell_info
from autograder.notebook.reconcile import reconcile
from autograder.results import TaskResult
from tests.support.chain import POINTS, WRONG, answered, chain_notebook

SOURCE = chain_notebook()
GRAPH = exercise_graph(SOURCE)


def candidates(**answers: str) -> Candidates:
    return Candidates(SOURCE, reconcile(answered(answers), SOURCE).notebook, GRAPH)


def test_the_tests_that_share_a_mistake_are_examined_together():
    again = candidates(**WRONG).next({"test-square", "test-norm", "test-unit"}, ())
    assert again == Reexamination(("test-norm", "test-unit"), ("square",))


def test_what_turned_out_to_be_right_is_not_replaced():
    found = candidates(**WRONG)
    first = Reexamination(("test-norm", "test-unit"), ("square",))
    tried = {(test, first.replaced) for test in first.tests}
    assert found.next({"test-square", "test-unit"}, tried) is None
    assert found.next({"test-square", "test-norm", "test-unit"}, tried) == Reexamination(
        ("test-unit",), ("square", "norm")
    )


def test_nothing_is_examined_again_without_a_mistake_before():
    assert candidates().next({"test-square"}, ()) is None
    assert candidates().next({"test-triple", "test-square"}, ()) is None


def test_what_only_the_students_answer_uses_is_not_given_away():
    uses_square = {"triple": "def triple(x):\n    return square(x) - square(x) + 3 * x"}
    assert candidates(**WRONG, **uses_square).next({"test-square", "test-triple"}, ()) is None


@pytest.mark.parametrize(
    "nothing",
    [
        "",
        "   \n",
        "def norm(v):\n    # YOUR CODE HERE\n    raise NotImplementedError()",
        "norm = square",
        "def norm(v):\n    return square(v)",
    ],
)
def test_an_answer_without_work_is_not_examined_again(nothing):
    assert candidates(**WRONG, norm=nothing).next({"test-square", "test-norm"}, ()) is None


def test_an_answer_that_is_as_thin_as_the_authors_is_examined():
    again = candidates(**WRONG).next({"test-square", "test-power"}, ())
    assert again == Reexamination(("test-power",), ("square",))


def test_what_rests_on_the_students_word_is_not_examined_again():
    found = candidates(**WRONG)
    by_word = Candidates(found.source, found.notebook, found.graph, frozenset({"test-norm"}))
    assert by_word.next({"test-square", "test-norm"}, ()) is None


def test_only_tests_that_were_reached_count_as_failed():
    tasks = [TaskResult(status, 0.0, 1.0, status) for status in ("failed", "error", "timeout")]  # type: ignore[arg-type]
    others = [TaskResult(status, 0.0, 1.0, status) for status in ("passed", "manual", "not_reached")]  # type: ignore[arg-type]
    assert failed_tests([*tasks, *others]) == {"failed", "error", "timeout"}


def test_the_authors_definition_runs_after_the_students_and_no_other_test_does():
    notebook = with_authors_answers(candidates(**WRONG).notebook, SOURCE, Reexamination(("test-unit",), ("square",)))
    assert [cell_info(cell).grade_id for cell in notebook.cells] == [
        "setup",
        "square",
        None,
        "norm",
        "unit",
        "test-unit",
    ]
    assert "return x + x" in notebook.cells[1].source
    assert "return x * x" in notebook.cells[2].source


def failed(grade_id: str, points: float = 0.0) -> TaskResult:
    return TaskResult(grade_id, points, POINTS[grade_id], "failed", "wrong", "because", "a-mistake")


def test_a_credited_test_says_what_happened_and_nothing_else():
    task = credited(failed("test-unit"), ("square",), GRAPH, 1.0)
    assert (task.status, task.points, task.hint, task.mistake) == ("passed_with_reference", 2.0, "", None)
    assert task.message == "Your unit is right; it was run with your square, which is not. You keep its points."


def test_half_of_the_points_never_take_away_what_was_earned():
    assert credited(failed("test-norm"), ("square",), GRAPH, 0.5).points == 2.0
    task = credited(failed("test-unit", 1.5), ("square", "norm"), GRAPH, 0.5)
    assert task.points == 1.5
    assert task.message == (
        "Your unit is right; it was run with your square and norm, which are not. You keep half of its points."
    )
