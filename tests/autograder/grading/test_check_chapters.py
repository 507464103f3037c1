"""An author is told which cells would cost honest students points, before anyone is graded."""

from concurrent.futures import Executor, Future

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.course import Course
from autograder.errors import CourseError
from autograder.grading import check_chapters as module
from autograder.grading.advice import advice
from autograder.grading.batch import environment, grade_batch, load_sources
from autograder.grading.check_chapters import check_chapters
from autograder.grading.grade_submission import Settings
from autograder.grading.store import ResultsFolder
from autograder.grading.submissions import find_submissions
from autograder.kernel.limits import Limits
from autograder.notebook.student_edition import student_edition
from tests.support.toy import KERNELSPEC, meta

TESTS = {
    "test-right": "assert double(2) == 4",
    "test-wrong": "assert double(2) == 5",
    "test-operator": "assert make(1) - 1 == 0\n### BEGIN HIDDEN TESTS\nassert 1\n### END HIDDEN TESTS",
    "test-magic": "%run other.py",
    "test-word": "assert double.__doc__ == 'Twice x.'",
    "test-nothing": "pass",
}
SOLUTION = """class Number:
    def __sub__(self, other): return 0
def make(n): return Number()
def double(x):
    'Twice x.'
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION"""


class Inline(Executor):
    """Does what it is given at once."""

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def course_of(root, tests, given="import math"):
    (root / "notebooks").mkdir(parents=True)
    (root / "course.toml").write_text("")
    cells = [new_code_cell(given, id="setup", metadata=meta("setup", locked=True))]
    cells += [new_code_cell(SOLUTION, id="answer", metadata=meta("answer", solution=True))]
    about = {"grade": True, "locked": True, "points": 1}
    cells += [new_code_cell(source, id=name, metadata=meta(name, **about)) for name, source in tests.items()]
    cells += [new_code_cell("undefined_name", id="experiment")]
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": KERNELSPEC}), root / "notebooks" / "01_odd.ipynb")
    return Course(root)


@pytest.fixture
def settings():
    return Settings(Limits(cell_seconds=60, notebook_seconds=120))


def checked(course, settings):
    sources = load_sources(course, ["01_odd"])
    (found,) = check_chapters(sources, settings, Inline(), environment(settings, None), course.build / "checks")
    return found


def test_each_cell_that_would_cost_points_is_named_with_what_to_write_instead(tmp_path, settings, monkeypatch):
    course = course_of(tmp_path, TESTS)
    found = checked(course, settings)
    text = "\n".join(found.faults)
    assert len(found.faults) == 4, text
    assert "cell 7, which begins with 'undefined_name', stops with NameError" in text or "undefined_name" in text
    assert "0 of 1 points at cell 'test-wrong': AssertionError, in the line 'assert double(2) == 5'" in text
    assert "'test-operator'" in text and "such as Name(1)" in text
    assert "the magic %run is not available where tests run. Write what it does as plain Python" in text
    nothing = ("test-word", "test-nothing")
    assert found.warnings == tuple(f"an empty answer earns 1 of 1 points at cell {name!r}." for name in nothing)
    assert dict(found.words) == {"test-word": ("__doc__ of double",)}
    monkeypatch.setattr(module, "run_job", None)  # what was found is kept until the chapter changes
    assert checked(course, settings) == found


def test_a_locked_cell_that_fails_stops_the_batch_before_anyone_is_graded(tmp_path, settings):
    course = course_of(tmp_path / "course", {"test-right": TESTS["test-right"]}, given="import no_such_library")
    sources = load_sources(course, ["01_odd"])
    (tmp_path / "in" / "ada").mkdir(parents=True)
    nbformat.write(student_edition(sources["01_odd"].notebook), tmp_path / "in" / "ada" / "01_odd.ipynb")
    found = find_submissions(tmp_path / "in", ["01_odd"])
    with pytest.raises(CourseError) as refused:
        list(grade_batch(found, sources, ResultsFolder(tmp_path / "out"), settings, Inline()))
    text = str(refused.value)
    assert "01_odd: the locked cell 'setup' fails with ModuleNotFoundError" in text and "Nobody was graded" in text
    assert "\n" not in text and not (tmp_path / "out" / "submissions").exists()


@pytest.mark.parametrize(
    ("line", "error", "words"),
    [
        ("f(Own())", "WireError: a Own cannot be handed to a student's function", "tag student-side"),
        ("read('x.csv')", "FileNotFoundError: [Errno 2] No such file or directory", "next to the notebook"),
        ("assert type(f(1)) is A", "AssertionError", "isinstance"),
        ("assert plt.gca().get_title()", "AssertionError", "Draw in the test"),
        ("assert f() == sympy.Matrix([[1]])", "AssertionError", "only expressions"),
        ("assert f(1) == 2", "AssertionError", "in-kernel"),
    ],
)
def test_advice_fits_what_went_wrong(line, error, words):
    assert words in advice(line, error)


def test_files_are_where_they_belong_while_a_submission_is_graded(tmp_path, settings):
    given = "import os\nheights = open('data/heights.csv').read()\nimport helper"
    hidden = "\n### BEGIN HIDDEN TESTS\nassert double(int(open('hidden.csv').read())) == 8\n### END HIDDEN TESTS"
    tests = {"test-1": "assert double(2) == 4 and heights == '168' and helper.one == 1" + hidden,
             "test-2": "assert seen == [True, True, False, True]"}  # fmt: skip
    course = course_of(tmp_path / "course", tests, given=given)
    for name, text in {"data/heights.csv": "168", "helper.py": "one = 1", "hidden.csv": "4"}.items():
        (course.notebooks / name).parent.mkdir(exist_ok=True)
        (course.notebooks / name).write_text(text)
    sources = load_sources(course, ["01_odd"])
    notebook = student_edition(sources["01_odd"].notebook)
    notebook.cells[1].source = (
        "def double(x): return 2 * x\nimport os, own, helper\n"
        "seen = [os.path.exists(name) for name in ('data/heights.csv', 'own.py', 'hidden.csv')] + [helper.one == 1]"
    )
    folder = tmp_path / "in" / "ada"
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "01_odd.ipynb")
    (folder / "own.py").write_text("")
    (folder / "helper.py").write_text("one = 2")
    found = find_submissions(tmp_path / "in", ["01_odd"])
    (step,) = grade_batch(found, sources, ResultsFolder(tmp_path / "out"), settings, Inline())
    assert [(task.grade_id, task.points) for task in step.result.tasks] == [("test-1", 1), ("test-2", 1)], step
    assert "own-file-left-out:helper.py" in step.result.flags
    (course.notebooks / "data" / "heights.csv").write_text("169")
    assert load_sources(course, ["01_odd"])["01_odd"].key != sources["01_odd"].key


def test_a_cell_that_only_a_kernel_can_run_runs_there_where_the_course_allows_it(tmp_path, settings):
    course = course_of(tmp_path / "course", {"test-1": "%run -i nothing.py\nassert double(2) == 4"})
    path = course.chapter("01_odd").path
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[2].metadata["tags"] = ["in-kernel"]
    notebook.cells[2].source = "x = get_ipython().user_ns['double']\nassert x(2) == 4"
    nbformat.write(notebook, path)
    with pytest.raises(CourseError, match="has the tag in-kernel"):
        load_sources(course, ["01_odd"])
    (course.root / "course.toml").write_text('[grading]\nunserved = "in-kernel"\n')
    course = Course(course.root)
    found = checked(course, settings)
    assert all("undefined_name" in fault for fault in found.faults), found
