import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.kernel.session import Execution
from autograder.referee.scoring import judge
from autograder.reporting.exercises import exercise_names
from autograder.testing import CheckFailed
from tests.support.toy import TEST, meta


def judged(outputs=(), source="check(x)", points=4, **changes):
    cell = new_code_cell(source, metadata=meta("test-x", grade=True, locked=True, points=points), outputs=list(outputs))
    values = {"seconds": {0: 0.5}, **changes}
    (task,) = judge(Execution(new_notebook(cells=[cell]), **values))
    return task


def error(ename, evalue, line=1):
    frames = [f"Cell In[3], line {line}", "the rest"]
    return new_output("error", ename=ename, evalue=evalue, traceback=frames)


def value(text):
    return new_output("execute_result", data={"text/plain": text}, execution_count=1)


def test_a_test_without_error_earns_its_points():
    task = judged()
    assert (task.status, task.points, task.max_points, task.seconds) == ("passed", 4, 4, 0.5)


def test_a_test_with_a_name_of_its_own_judges_the_answer_above_it():
    answer, test = {"solution": True}, {"grade": True}
    about = [("sol_a", answer), ("check_a", test), ("more", test), ("sol_b", answer)]
    about += [("words", answer | test), ("test-sol_a", test)]
    cells = [new_code_cell("", metadata=meta(name, points=1, **kind)) for name, kind in about]
    tasks = judge(Execution(new_notebook(cells=cells), seconds=dict.fromkeys(range(6), 0.1)))
    judged_by = {task.grade_id: task.answer for task in tasks}
    assert judged_by == {"check_a": "sol_a", "more": "sol_a", "words": "", "test-sol_a": ""}
    assert exercise_names(tasks, ["sol_a"]) == {**judged_by, "words": "words", "test-sol_a": "sol_a"}


def test_text_on_stderr_costs_nothing():
    assert judged([new_output("stream", name="stderr", text="a harmless warning")]).points == 4


def test_a_failed_check_carries_message_hint_and_mistake():
    failure = CheckFailed("f(x) has shape (2,); expected (3,).", "an axis is missing.", "wrong-axes")
    task = judged([error("CheckFailed", str(failure))])
    assert (task.status, task.points) == ("failed", 0)
    assert (task.message, task.hint, task.mistake) == (failure.message, failure.hint, failure.mistake)


def test_an_assertion_fails_and_another_exception_is_an_error():
    assert judged([error("AssertionError", "no")]).status == "failed"
    assert judged([error("ValueError", "no")]).status == "error"


PLAIN = (
    "table = f(x)\nassert len(table) == 58\nassert (\n    table == 1\n), 'all are 1'\n"
    "for key in table:\n    assert table[key]"
)


@pytest.mark.parametrize(
    ("line", "statement"),
    [(1, "table = f(x)"), (2, "assert len(table) == 58"), (7, "assert table[key]"), (6, "for key in table:")],
)
def test_an_assertion_without_a_message_is_quoted(line, statement):
    assert judged([error("AssertionError", "", line)], source=PLAIN).message == f"This does not hold: {statement}"
    other = judged([error("TypeError", "no", line)], source=PLAIN)
    assert other.message == f"TypeError: no\nIn the test: {statement}"


def test_an_assertion_says_what_its_author_wrote():
    assert judged([error("AssertionError", "all are 1", 4)], source=PLAIN).message == "all are 1"
    assert judged([error("ValueError", "no", 4)], source=PLAIN).message.endswith(
        "assert (\n    table == 1\n), 'all are 1'"
    )


@pytest.mark.parametrize("line", [3, 4, 99])
def test_a_hidden_statement_is_never_quoted(line):
    assert judged([error("AssertionError", "", line)], source=TEST).message == "A hidden test failed."


def test_hidden_lines_within_a_statement_are_not_quoted():
    source = "assert f([1,\n### BEGIN HIDDEN TESTS\n9422,\n### END HIDDEN TESTS\n]) == 2"
    assert judged([error("AssertionError", "")], source=source).message == "This does not hold: assert f([1,"


def test_an_answer_that_raises_nbgraders_own_words_is_not_written_yet():
    task = judged([error("NotImplementedError", "")])
    assert (task.status, task.mistake) == ("error", "not-written")
    assert task.message == "An answer that this test needs is not written yet."
    assert judged([error("NotImplementedError", "later")]).mistake is None


def test_a_name_that_is_missing_is_explained():
    task = judged([error("NameError", "name 'softmax' is not defined")])
    assert task.message == "softmax is not defined."
    assert task.mistake == "not-defined"


@pytest.mark.parametrize(("line", "leaks"), [(1, True), (2, False), (4, False), (99, False)])
def test_only_what_comes_from_a_visible_line_is_quoted(line, leaks):
    task = judged([error("AssertionError", "hidden value 9422", line)], source=TEST)
    assert ("9422" in task.message) is leaks


@pytest.mark.parametrize(
    ("text", "points", "status"), [("2", 2, "failed"), ("np.float64(0.5)", 0.5, "failed"), ("4", 4, "passed")]
)
def test_a_number_in_range_is_partial_credit(text, points, status):
    task = judged([value(text)])
    assert (task.points, task.status) == (points, status)


@pytest.mark.parametrize("text", ["5", "-1", "nan", "inf"])
def test_a_number_out_of_range_earns_nothing(text):
    task = judged([value(text)])
    assert (task.points, task.status) == (0, "error")


def test_a_value_that_is_no_number_is_no_score():
    assert judged([value("'done'")]).points == 4


def test_a_cell_that_was_interrupted_earns_nothing():
    assert judged(timed_out={0: "took 7 s"}).status == "timeout"


def test_a_cell_that_was_never_reached_earns_nothing():
    task = judged(seconds={}, fault="the kernel died", fault_index=None)
    assert (task.status, task.points) == ("not_reached", 0)
    assert "the kernel died" in task.message


@pytest.mark.parametrize(
    ("fault", "status"), [("the kernel died", "error"), ("the kernel did not answer an interrupt", "timeout")]
)
def test_a_cell_during_which_the_kernel_failed_earns_nothing(fault, status):
    assert judged(fault=fault, fault_index=0).status == status


@pytest.mark.parametrize(("text", "status"), [("Because.", "manual"), ("YOUR ANSWER HERE", "failed"), (" ", "failed")])
def test_written_answers_wait_for_a_person_unless_there_is_none(text, status):
    cell = new_markdown_cell(text, metadata=meta("written-x", grade=True, solution=True, points=6))
    (task,) = judge(Execution(new_notebook(cells=[cell])))
    assert (task.status, task.points, task.max_points) == (status, 0, 6)
