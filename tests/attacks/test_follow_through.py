"""Nobody gains by the author's answers that are in a kernel where failed tests are examined again."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from autograder.course_settings import FollowThrough
from autograder.grading.batch import environment
from autograder.grading.grade_submission import GradedSubmission, Settings, Source, grade_submission
from autograder.grading.submissions import find_submissions
from autograder.kernel.provisioner import Kernels
from autograder.results import to_json
from tests.attacks.cases_follow_through import ATTACKS, GIVEN, LaterAttack
from tests.attacks.support import earned
from tests.support.chain import LIMITS, NAME, POINTS, SOLUTION_MARK, answered

pytestmark = pytest.mark.xdist_group("attacks-on-follow-through")
EACH = [
    pytest.param(attack, id=attack.name, marks=pytest.mark.thorough if attack.endless else ()) for attack in ATTACKS
]


def graded(attack: LaterAttack, folder: Path, source: Source, kernels: Kernels) -> GradedSubmission:
    path = folder / attack.name / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(answered(attack.all_answers()), path)
    [submission] = find_submissions(folder, [NAME])
    settings = Settings(LIMITS, follow_through=FollowThrough.FULL)
    return grade_submission(submission, source, settings, environment(settings, kernels.isolation), kernels)


@pytest.mark.parametrize("attack", EACH)
def test_a_later_exercise_gains_nothing(
    attack: LaterAttack, tmp_path: Path, chain_source: Source, isolated_kernels: Kernels
):
    first = graded(attack, tmp_path, chain_source, isolated_kernels)
    lost = {"test-square", "test-power", *attack.lost}
    assert earned(first.result) == {test: 0.0 if test in lost else points for test, points in POINTS.items()}
    left = json.dumps(to_json(first.result)) + nbformat.writes(first.notebook)
    assert SOLUTION_MARK not in left
    assert f"{GIVEN} " not in json.dumps(to_json(first.result))
    # What an attack has left somewhere is not there when it comes again.
    again = graded(attack, tmp_path, chain_source, isolated_kernels)
    assert [(task.grade_id, task.points, task.message) for task in again.result.tasks] == [
        (task.grade_id, task.points, task.message) for task in first.result.tasks
    ]
    assert (first.result.fault, set(first.result.flags) - {"uses-oracle"}) == (None, set())
