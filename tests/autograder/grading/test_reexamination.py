"""A failed test earns its points where only an earlier exercise was wrong, in kernels as a batch has them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

import nbformat
import pytest

from autograder.course_settings import FollowThrough
from autograder.grading.batch import environment
from autograder.grading.grade_submission import (
    GradedSubmission,
    Settings,
    Source,
    grade_submission,
    submission_key,
)
from autograder.grading.submissions import Submission, find_submissions
from autograder.kernel.isolation import NONE, Isolation
from autograder.kernel.provisioner import Kernels
from autograder.results import SubmissionResult
from tests.support.chain import LIMITS, NAME, POINTS, SOLUTION_MARK, WRONG, answered

Grade = Callable[..., GradedSubmission]


def handed_in(folder: Path, answers: Mapping[str, str]) -> Submission:
    path = folder / "ada" / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(answered(answers), path)
    [submission] = find_submissions(folder, [NAME])
    return submission


@pytest.fixture
def grade(tmp_path: Path, chain_source: Source, isolated_kernels: Kernels) -> Grade:

    def graded(
        answers: Mapping[str, str], wish: FollowThrough = FollowThrough.FULL, **more: object
    ) -> GradedSubmission:
        settings = Settings(LIMITS, follow_through=wish, **more)  # type: ignore[arg-type]
        made_with = environment(settings, isolated_kernels.isolation)
        return grade_submission(handed_in(tmp_path, answers), chain_source, settings, made_with, isolated_kernels)

    return graded


def outcome(result: SubmissionResult) -> dict[str, str]:
    return {task.grade_id: task.status for task in result.tasks}


def test_a_mistake_costs_once(grade: Grade):
    graded = grade(WRONG)
    assert outcome(graded.result) == {
        "test-square": "failed",
        "test-norm": "passed_with_reference",
        "test-unit": "passed_with_reference",
        # What square is, passes here: this says nothing about the student's own answer.
        "test-power": "failed",
        "test-triple": "passed",
        "test-undo": "passed_with_reference",
        "test-best": "passed_with_reference",
    }
    assert graded.result.score == sum(POINTS.values()) - POINTS["test-square"] - POINTS["test-power"]
    assert graded.result.flags == ()
    assert SOLUTION_MARK not in nbformat.writes(graded.notebook)


def test_two_mistakes_cost_two_exercises(grade: Grade):
    result = grade({**WRONG, "norm": "def norm(v):\n    return sum(square(x) for x in v)"}).result
    passed = {test for test, status in outcome(result).items() if status.startswith("passed")}
    assert passed == {"test-unit", "test-triple", "test-undo", "test-best"}
    unit = next(task for task in result.tasks if task.grade_id == "test-unit")
    assert "run with your square and norm, which are not" in unit.message


def test_half_gives_half(grade: Grade):
    points = {task.grade_id: task.points for task in grade(WRONG, FollowThrough.HALF).result.tasks}
    assert (points["test-norm"], points["test-best"], points["test-triple"]) == (2.0, 1.5, 2.0)


def test_an_answer_that_ends_with_an_error_counts_as_a_mistake(grade: Grade):
    result = grade({"square": "def square(x):\n    raise NotImplementedError()"}).result
    assert outcome(result)["test-unit"] == "passed_with_reference"


def test_without_the_wish_nothing_is_examined_again(grade: Grade):
    assert outcome(grade(WRONG, FollowThrough.NONE).result)["test-norm"] == "failed"


def test_nothing_is_examined_again_next_to_the_students_code(grade: Grade):
    result = grade(WRONG, scoring="nbgrader").result
    assert outcome(result)["test-norm"] == "failed"
    assert result.environment["follow_through"] == "none"


def test_it_is_off_unless_isolation_is_complete():
    wish = Settings(follow_through=FollowThrough.FULL)
    some = Isolation(("own processes", "landlock", "limits"), ("bubblewrap: not installed",))
    full = Isolation(("bubblewrap", "own processes", "landlock", "system calls", "limits"))
    assert [wish.follow_through_under(each) for each in (NONE, some, full)] == ["none", "none", "full"]
    assert environment(wish, some)["follow_through"] == "none"
    assert environment(wish, None)["follow_through"] == "none"


def test_a_result_of_another_setting_is_not_reused(tmp_path: Path, chain_source: Source):
    submission, isolation = handed_in(tmp_path, {}), Isolation(("bubblewrap",))
    keys = {
        submission_key(submission, chain_source, environment(Settings(follow_through=wish), isolation))
        for wish in FollowThrough
    }
    assert len(keys) == 3


def test_no_kernel_is_started_again_for_mistakes_that_nothing_builds_on(grade: Grade, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("autograder.grading.reexamination.Reexaminer._executed", None)
    wrong = {"triple": "def triple(x):\n    return x", "unit": "def unit(v):\n    return v"}
    assert outcome(grade(wrong).result)["test-triple"] == "failed"


def test_the_time_of_a_result_is_that_of_the_first_run(grade: Grade):
    slow = "def norm(v):\n    import time\n    if square(3) == 9: time.sleep(1)\n"
    began = time.monotonic()
    result = grade({**WRONG, "norm": f"{slow}    return math.sqrt(sum(square(x) for x in v))"}).result
    assert outcome(result)["test-norm"] == "passed_with_reference"
    assert result.seconds < time.monotonic() - began - 2
