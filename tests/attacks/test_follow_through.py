"""Nobody gains by the author's answers that are in a kernel where failed tests are examined again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from autograder.course_settings import FollowThrough
from autograder.grading.batch import environment, load_sources
from autograder.grading.grade_submission import GradedSubmission, Settings, Source, grade_submission
from autograder.grading.submissions import find_submissions
from autograder.kernel.isolation import available
from autograder.kernel.limits import Limits
from autograder.kernel.provisioner import Kernels, forked_from
from autograder.kernel.zygote_client import zygote
from autograder.results import to_json
from tests.attacks.cases_follow_through import ATTACKS, GIVEN, LaterAttack
from tests.attacks.support import earned
from tests.support.chain import NAME, POINTS, SOLUTION_MARK, answered, chain_course

pytestmark = pytest.mark.xdist_group("attacks-on-follow-through")
LIMITS = Limits(cell_seconds=20, notebook_seconds=120, folder_bytes=20_000_000, file_bytes=20_000_000)
EACH = [
    pytest.param(attack, id=attack.name, marks=pytest.mark.thorough if attack.endless else ()) for attack in ATTACKS
]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    return load_sources(chain_course(tmp_path_factory.mktemp("chain") / "course"), [NAME])[NAME]


@pytest.fixture(scope="module")
def kernels() -> Iterator[Kernels]:
    isolation = available()
    if not isolation.complete:
        pytest.skip(f"not isolated in full here: {'; '.join(isolation.missing)}")
    with zygote(LIMITS, isolation, ("autograder.testing",)) as address:
        yield forked_from(address)


def graded(attack: LaterAttack, folder: Path, source: Source, kernels: Kernels) -> GradedSubmission:
    path = folder / attack.name / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(answered(attack.all_answers()), path)
    [submission] = find_submissions(folder, [NAME])
    settings = Settings(LIMITS, follow_through=FollowThrough.FULL)
    return grade_submission(submission, source, settings, environment(settings, kernels.isolation), kernels)


@pytest.mark.parametrize("attack", EACH)
def test_a_later_exercise_gains_nothing(attack: LaterAttack, tmp_path: Path, source: Source, kernels: Kernels):
    first = graded(attack, tmp_path, source, kernels)
    lost = {"test-square", "test-power", *attack.lost}
    assert earned(first.result) == {test: 0.0 if test in lost else points for test, points in POINTS.items()}
    left = json.dumps(to_json(first.result)) + nbformat.writes(first.notebook)
    assert SOLUTION_MARK not in left
    assert f"{GIVEN} " not in json.dumps(to_json(first.result))
    # What an attack has left somewhere is not there when it comes again.
    again = graded(attack, tmp_path, source, kernels)
    assert [(task.grade_id, task.points, task.message) for task in again.result.tasks] == [
        (task.grade_id, task.points, task.message) for task in first.result.tasks
    ]
    assert (first.result.fault, set(first.result.flags) - {"uses-oracle"}) == (None, set())
