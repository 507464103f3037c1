import copy
import errno
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.course import Course
from autograder.errors import ResultsError
from autograder.grading import batch, store
from autograder.grading.batch import grade_batch, identified
from autograder.grading.grade_submission import Settings
from autograder.grading.store import ResultsFolder
from autograder.grading.submissions import find_submissions
from autograder.kernel.limits import Limits
from autograder.notebook.cells import by_grade_id
from tests.support.toy import NAME

pytestmark = pytest.mark.xdist_group("batch")
LIMITS = Limits(cell_seconds=10, notebook_seconds=120)


def answered(student, double="def double(x):\n    return 2 * x", half="def half(x):\n    return x / 2"):
    notebook = copy.deepcopy(student)
    cells = by_grade_id(notebook)
    cells["double"].source, cells["half"].source = double, half
    cells["written-why"].source = "It is added to itself."
    return notebook


def hand_in(root, **notebooks):
    for student, notebook in notebooks.items():
        path = root / student / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(notebook, str):
            path.write_text(notebook)
        else:
            nbformat.write(notebook, path)


def grade(submitted, out, toy_source, warm, limits=LIMITS):
    submissions = find_submissions(submitted, [NAME])
    with ThreadPoolExecutor(1) as executor:
        steps = list(grade_batch(submissions, {NAME: toy_source}, ResultsFolder(out), Settings(limits), executor, warm))
    return {step.result.student: step for step in steps}


def status(step):
    return {task.grade_id: (task.status, task.points) for task in step.result.tasks}


FULL = {"test-double": ("passed", 5.0), "test-half": ("passed", 3.0), "written-why": ("manual", 0.0)}


@pytest.fixture(scope="module")
def graded(tmp_path_factory, toy_source, toy_student, warm):
    """A batch of good and broken submissions, graded once."""
    root = tmp_path_factory.mktemp("batch")
    without_test = answered(toy_student)
    without_test.cells.remove(by_grade_id(without_test)["test-double"])
    twice = answered(toy_student)
    twice.cells.insert(4, NotebookNode(copy.deepcopy(by_grade_id(twice)["test-double"]), id="pasted"))
    other = answered(toy_student)
    other.cells = other.cells[:1]
    hand_in(
        root / "in",
        good=answered(toy_student),
        stubs=toy_student,
        hardcoded=answered(toy_student, "def double(x):\n    return 2"),
        loops=answered(toy_student, "def double(x):\n    while True:\n        pass"),
        dies=answered(toy_student, half="import os\nos._exit(1)"),
        exits=answered(toy_student, "import sys\nsys.exit(0)"),
        asks=answered(toy_student, "def double(x):\n    return int(input())"),
        deleted=without_test,
        twice=twice,
        torn='{"cells": [',
        other=other,
    )
    return grade(root / "in", root / "out", toy_source, warm), root / "out"


def test_a_right_submission_earns_every_automatic_point(graded):
    result = graded[0]["good"].result
    assert status(graded[0]["good"]) == FULL
    assert (result.score, result.max_score, result.pending, result.flags) == (8, 10, 2, ())


def test_untouched_stubs_earn_nothing(graded):
    assert {points for _, points in status(graded[0]["stubs"]).values()} == {0}


def test_a_hard_coded_answer_fails_its_hidden_test_only_and_the_value_does_not_leak(graded):
    task = graded[0]["hardcoded"].result.tasks[0]
    assert (task.status, task.message) == ("failed", "A hidden test failed.")
    assert status(graded[0]["hardcoded"])["test-half"] == ("passed", 3.0)


def test_an_infinite_loop_costs_its_own_points(graded):
    assert status(graded[0]["loops"]) == {**FULL, "test-double": ("timeout", 0)}
    assert "timeout" in graded[0]["loops"].result.flags


def test_a_dead_kernel_keeps_what_was_earned_before(graded):
    step = graded[0]["dies"]
    assert status(step) == {**FULL, "test-half": ("not_reached", 0)}
    assert "the kernel died" in step.result.fault
    assert not step.result.gradable


def test_sys_exit_and_input_cost_their_own_points(graded):
    for student in ("exits", "asks"):
        assert status(graded[0][student])["test-double"][1] == 0
        assert status(graded[0][student])["test-half"] == ("passed", 3.0)


@pytest.mark.parametrize(
    ("student", "flag"), [("deleted", "missing-cell:test-double"), ("twice", "duplicate-cell:test-double")]
)
def test_deleted_and_duplicated_tests_cost_nothing(graded, student, flag):
    assert graded[0][student].result.flags == (flag,)
    assert status(graded[0][student]) == FULL


@pytest.mark.parametrize(("student", "flag"), [("torn", "unreadable"), ("other", "wrong-notebook")])
def test_what_cannot_be_graded_says_why(graded, student, flag):
    result = graded[0][student].result
    assert result.flags == (flag,)
    assert result.fault
    assert (result.score, result.max_score) == (0, 10)


def test_results_are_on_disk(graded):
    steps, out = graded
    data = json.loads((out / "results.json").read_text())
    assert [entry["student"] for entry in data["submissions"]] == sorted(steps)
    assert ResultsFolder(out).read_notebook(steps["good"].result) is not None
    assert ResultsFolder(out).read_notebook(steps["torn"].result) is None


def test_an_unchanged_submission_is_not_executed_again(tmp_path, toy_source, toy_student, warm):
    hand_in(tmp_path / "in", ada=answered(toy_student), bob=toy_student)
    first = grade(tmp_path / "in", tmp_path / "out", toy_source, warm)
    hand_in(tmp_path / "in", bob=answered(toy_student))
    second = grade(tmp_path / "in", tmp_path / "out", toy_source, warm)
    assert (first["ada"].reused, second["ada"].reused, second["bob"].reused) == (False, True, False)
    assert second["ada"].result == first["ada"].result


def test_a_changed_test_or_limit_grades_again(tmp_path, toy_source, toy_student, warm):
    hand_in(tmp_path / "in", ada=answered(toy_student))
    grade(tmp_path / "in", tmp_path / "out", toy_source, warm)
    changed = replace(toy_source, key="another")
    assert not grade(tmp_path / "in", tmp_path / "out", changed, warm)["ada"].reused
    assert not grade(tmp_path / "in", tmp_path / "out", changed, warm, replace(LIMITS, cell_seconds=11))["ada"].reused


def test_a_batch_that_is_stopped_keeps_what_is_finished(tmp_path, toy_source, toy_student, warm):
    hand_in(tmp_path / "in", ada=answered(toy_student), bob=toy_student)
    submissions = find_submissions(tmp_path / "in", [NAME])
    with ThreadPoolExecutor(1) as executor:
        steps = grade_batch(
            submissions, {NAME: toy_source}, ResultsFolder(tmp_path / "out"), Settings(LIMITS), executor, warm
        )
        finished = next(steps).result.student
        steps.close()
    again = grade(tmp_path / "in", tmp_path / "out", toy_source, warm)
    assert again[finished].reused


def test_a_fault_of_the_grader_costs_one_submission(tmp_path, toy_source, toy_student, warm, monkeypatch):
    hand_in(tmp_path / "in", ada=answered(toy_student), bob=answered(toy_student))
    honest = batch.run_job

    def fails_for_bob(job):
        if job.submission.student == "bob":
            raise RuntimeError("a bug\nwith \x1b[2J more")
        return honest(job)

    monkeypatch.setattr(batch, "run_job", fails_for_bob)
    graded = grade(tmp_path / "in", tmp_path / "out", toy_source, warm)
    assert graded["ada"].result.score == 8
    assert graded["bob"].result.flags == ("grader-failed",)
    assert "must be graded again" in graded["bob"].result.fault and "bug" not in graded["bob"].result.fault
    assert "RuntimeError: a bug\nwith \\u001b[2J more" in graded["bob"].failure
    assert "fails_for_bob" in graded["bob"].failure and graded["ada"].failure == ""
    monkeypatch.undo()
    assert not grade(tmp_path / "in", tmp_path / "out", toy_source, warm)["bob"].reused


def test_a_full_disk_is_said_and_what_was_written_before_stays(tmp_path, toy_source, toy_student, warm, monkeypatch):
    hand_in(tmp_path / "in", ada=answered(toy_student), bob=answered(toy_student))
    honest, written = store.write_atomically, []

    def full_after_one_submission(path, text):
        written.append(path)
        if len(written) > 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        honest(path, text)

    monkeypatch.setattr(store, "write_atomically", full_after_one_submission)
    with pytest.raises(ResultsError, match="No space left on device"):
        grade(tmp_path / "in", tmp_path / "out", toy_source, warm)
    monkeypatch.undo()
    again = grade(tmp_path / "in", tmp_path / "out", toy_source, warm)
    assert sorted(step.reused for step in again.values()) == [False, True]


def test_a_result_whose_notebook_cannot_be_written_is_kept_without_it(
    tmp_path, toy_source, toy_student, warm, monkeypatch
):
    hand_in(tmp_path / "in", ada=answered(toy_student), bob=answered(toy_student))
    honest = batch.run_job

    def odd_for_ada(job):
        graded = honest(job)
        if job.submission.student == "ada":
            graded.notebook.cells[0].attachments = 1
        return graded

    monkeypatch.setattr(batch, "run_job", odd_for_ada)
    graded = grade(tmp_path / "in", tmp_path / "out", toy_source, warm)
    assert status(graded["ada"]) == status(graded["bob"]) == FULL
    assert graded["ada"].result.flags == ("notebook-not-kept",)
    assert "cannot be written" in graded["ada"].result.fault
    folder = ResultsFolder(tmp_path / "out")
    assert folder.read_notebook(graded["ada"].result) is None and folder.read_notebook(graded["bob"].result)
    again = grade(tmp_path / "in", tmp_path / "out", toy_source, warm)
    assert all(step.reused for step in again.values())


@pytest.mark.parametrize("junk", ["[]", "[" * 5_000, "9" * 5_000, "null", '{"schema_version": 1, "tasks": 3}', "\x00"])
def test_what_is_in_a_results_file_does_not_stop_a_second_run(tmp_path, junk):
    folder = ResultsFolder(tmp_path)
    path = folder.result_path("ada", NAME)
    path.parent.mkdir(parents=True)
    path.write_text(junk)
    assert folder.finished("ada", NAME, "key") is None


def test_a_file_is_identified_by_its_cells(tmp_path, toy_source, toy_student, warm):
    nbformat.write(answered(toy_student), tmp_path / "in.ipynb")
    assert grade(tmp_path, tmp_path / "out", toy_source, warm)["in"].result.assignment == NAME


def test_a_file_of_no_chapter_is_named(tmp_path, toy_source, warm):
    (tmp_path / "x.ipynb").write_text("{}")
    result = grade(tmp_path, tmp_path / "out", toy_source, warm)["x"].result
    assert (result.assignment, result.flags) == ("unknown", ("unknown-assignment",))


@pytest.mark.parametrize("name", ["../../evil", "a/b", "..", "", "Ünï çødé", "x" * 300, "CON:1?"])
def test_any_students_name_makes_a_file_inside_the_folder(tmp_path, name):
    path = ResultsFolder(tmp_path).result_path(name, NAME)
    assert path.resolve().is_relative_to(tmp_path.resolve() / "submissions")
    path.parent.mkdir(parents=True)
    path.write_text("x")


def test_a_run_adds_to_the_folder_and_replaces_only_what_it_graded(tmp_path, toy_source, toy_student, warm):
    for run, student in (("first", "ada"), ("second", "ben")):
        hand_in(tmp_path / run, **{student: answered(toy_student)})
        grade(tmp_path / run, tmp_path / "out", toy_source, warm)
    hand_in(tmp_path / "third", ada=answered(toy_student, half="def half(x):\n    return x"))
    grade(tmp_path / "third", tmp_path / "out", toy_source, warm)
    found = {result.student: result.score for result in ResultsFolder(tmp_path / "out").read_batch()}
    assert found == {"ada": 5.0, "ben": 8.0}


def test_a_file_with_an_odd_name_has_only_its_own_chapter_prepared(tmp_path, toy, toy_student):
    nbformat.write(toy_student, tmp_path / "my homework.ipynb")
    (tmp_path / "torn.ipynb").write_text("{")
    found = {s.path.stem: s for s in identified(find_submissions(tmp_path, [NAME]), toy)}
    assert (found["my homework"].assignment, found["torn"].assignment) == (NAME, None)


def test_names_that_tell_the_chapter_need_no_look_at_any(tmp_path):
    named = find_submissions(hand_in(tmp_path, ada="{") or tmp_path, [NAME])
    assert identified(named, Course(tmp_path / "no course")) == named
