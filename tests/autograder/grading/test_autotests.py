import os

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.errors import CourseError, KernelError
from autograder.grading.autotests import has_autotests, instantiate
from autograder.kernel.session import execute
from tests.conftest import ROOT
from tests.support.toy import KERNELSPEC, meta

VALUES = {
    "np.float64(1 / 3)": ["np.float64(0.33333)", "1 / 3"],
    "7": ["7", "np.int64(7)", "7.0"],
    "(2, np.int64(3))": ["(2, 3)"],
    "np.array([[1.0, -0.0]])": ["np.array([[1.00001, 0.0]])"],
    "torch.tensor([1.0, 2.0])": ["torch.tensor([1.0, 2.00001])"],
    "[1, 'a']": ["[1, 'a']"],
    "{'b': 2, 'a': 1}": ["{'a': 1, 'b': 2}"],
    "'text'": ["'text'"],
    "True": ["True", "np.True_"],
}
WRONG = {
    "np.float64(1 / 3)": ["0.34", "float('nan')", "'0.3333'"],
    "7": ["8", "7.5"],
    "(2, np.int64(3))": ["(3, 2)", "[2, 3]", "(2, 3, 4)"],
    "np.array([[1.0, -0.0]])": ["np.array([1.0, 0.0])", "np.array([[1, 0]])", "np.array([[1.0, 0.5]])", "[[1.0, 0.0]]"],
    "torch.tensor([1.0, 2.0])": ["np.array([1.0, 2.0])", "torch.tensor([1.0, 3.0])", "torch.tensor([1, 2])"],
    "[1, 'a']": ["['a', 1]"],
    "{'b': 2, 'a': 1}": ["{'a': 1}"],
    "'text'": ["'Text'"],
    "True": ["False"],
}


def notebook_with(values, test):
    libraries = (
        "import numpy as np\nimport torch" if any("torch" in value for value in values) else "import numpy as np"
    )
    setup = new_code_cell(libraries, metadata=meta("setup", locked=True))
    cells = [setup]
    for number, value in enumerate(values):
        body = f"def f{number}():\n    ### BEGIN SOLUTION\n    return {value}\n    ### END SOLUTION"
        cells.append(new_code_cell(body, metadata=meta(f"f{number}", solution=True)))
        cells.append(new_code_cell(test.format(number), metadata=meta(f"t{number}", grade=True, locked=True, points=1)))
    return new_notebook(cells=cells, metadata={"kernelspec": dict(KERNELSPEC)})


@pytest.mark.parametrize("form", ["### AUTOTEST f{}()", "### HASHED AUTOTEST f{}()"])
def test_templates_accept_right_values_and_refuse_wrong_ones(form, tmp_path):
    made = instantiate(notebook_with(VALUES, form), ROOT)
    tests = made.cells[2::2]
    assert all("AUTOTEST" not in cell.source for cell in tests)
    expected, cells = [], [made.cells[0]]
    for answers, good in ((VALUES, True), (WRONG, False)):
        for number, value in enumerate(VALUES):
            for answer in answers[value]:
                cells += [new_code_cell(f"def f{number}():\n    return {answer}"), new_code_cell(tests[number].source)]
                expected.append((value, answer, good))
    done = execute(new_notebook(cells=cells), tmp_path)
    assert done.fault is None
    outcome = [not any(o.output_type == "error" for o in cell.outputs) for cell in done.notebook.cells[2::2]]
    assert [(v, a, ok) for (v, a, _), ok in zip(expected, outcome, strict=True)] == expected


@pytest.mark.parametrize("answer", ["1 / 0", "None"])
def test_a_visible_test_fails_without_a_traceback(answer, tmp_path):
    made = instantiate(notebook_with(["1.5"], "### AUTOTEST float(f{}())"), ROOT)
    cells = [made.cells[0], new_code_cell(f"def f0(): return {answer}"), new_code_cell(made.cells[2].source)]
    (failed,) = execute(new_notebook(cells=cells), tmp_path).notebook.cells[2].outputs
    assert failed.traceback[0] == "Check failed"
    assert failed.evalue.startswith("float(f0()) is not a float: it stopped with ")


def test_hashed_tests_do_not_show_the_value():
    made = instantiate(notebook_with(["123456.789"], "### HASHED AUTOTEST f{}()"), ROOT)
    assert "123456" not in made.cells[2].source
    assert "1.235e" not in made.cells[2].source


def test_a_notebook_without_autotests_needs_no_kernel(tmp_path):
    notebook = notebook_with(["1"], "assert f{}() == 1")
    assert not has_autotests(notebook)
    assert nbformat.writes(instantiate(notebook, tmp_path)) == nbformat.writes(notebook)


def test_missing_templates_are_named(tmp_path):
    with pytest.raises(CourseError, match=r"no autotests\.yml"):
        instantiate(notebook_with(["1"], "### AUTOTEST f{}()"), tmp_path)


def test_a_failing_cell_is_named():
    with pytest.raises(CourseError, match=r"cell 't0' failed while automatic tests were made: ZeroDivisionError"):
        instantiate(notebook_with(["1 / 0"], "### AUTOTEST f{}()"), ROOT)


def test_a_timeout_is_called_one_and_names_limit_and_cell_and_leaves_no_kernel(tmp_path):
    note = f"__import__('pathlib').Path({str(tmp_path / 'pid')!r}).write_text(str(__import__('os').getpid()))"
    slow = notebook_with([f"({note}, __import__('time').sleep(600))"], "### AUTOTEST f{}()")
    slow.cells[0].source = ""
    with pytest.raises(KernelError, match=r"^timeout: .* reached the limit of 3 s for one notebook in cell 't0'"):
        instantiate(slow, ROOT, seconds=3.0)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_kernel_that_dies_is_not_waited_for():
    with pytest.raises(CourseError, match=r"cell 't0' failed .*: the kernel died"):
        instantiate(notebook_with(["__import__('os')._exit(1)"], "### AUTOTEST f{}()"), ROOT)


def test_a_cell_that_is_left_out_is_not_run_and_changes_no_other_test():
    notebook = notebook_with(["1.5", "2.5"], "### HASHED AUTOTEST f{}()")
    full = instantiate(notebook, ROOT)
    notebook.cells.insert(3, new_code_cell("1 / 0", metadata=meta("fails", grade=True, locked=True, points=1)))
    full.cells.insert(3, notebook.cells[3])
    made = instantiate(notebook, ROOT, left_out={3})
    assert [cell.source for cell in made.cells[:4]] == [cell.source for cell in full.cells[:4]]
    passing = notebook_with(["1.5", "2.5"], "### HASHED AUTOTEST f{}()")
    passing.cells.insert(3, new_code_cell("1", metadata=meta("fails", grade=True, locked=True, points=1)))
    assert made.cells[5].source == instantiate(passing, ROOT).cells[5].source
