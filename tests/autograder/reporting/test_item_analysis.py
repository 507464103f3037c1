import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.reporting.item_analysis import MIN_SUBMISSIONS, item_analysis
from autograder.results import SubmissionResult, TaskResult


def submission(*points, maximum=1.0, statuses=None):
    kinds = statuses or ["passed"] * len(points)
    tasks = tuple(
        TaskResult(f"test-e{i}", float(p), maximum, status)
        for i, (p, status) in enumerate(zip(points, kinds, strict=True))
    )
    return SubmissionResult("s", "a", tasks, (), None, "none", {}, "", 0.0)


def test_the_share_of_the_points_is_a_mean():
    easy, hard = item_analysis([submission(1, 0), submission(1, 0.5), submission(1, 0), submission(1, 0.5)])
    assert (easy.share, hard.share) == (1.0, 0.25)
    assert (easy.exercise, easy.submissions, easy.max_points) == ("e0", 4, 1.0)


def test_discrimination_of_all_or_nothing_is_the_point_biserial_correlation():
    rng = np.random.default_rng(0)
    rest = rng.normal(size=40).round(2)
    right = (rest + rng.normal(size=40) > 0).astype(float)
    item = item_analysis([submission(a, b) for a, b in zip(right, rest, strict=True)])[0]
    # The textbook form: (M1 - M0) / s * sqrt(p q), with the population's s.
    p = right.mean()
    expected = (rest[right == 1].mean() - rest[right == 0].mean()) / rest.std() * np.sqrt(p * (1 - p))
    assert item.discrimination == pytest.approx(expected, rel=1e-12)


def test_discrimination_leaves_the_exercise_out_of_the_score():
    # One exercise worth far more than all others: with it in the total, it would correlate with itself.
    rng = np.random.default_rng(1)
    rows = [submission(100 * rng.integers(2), rng.integers(2), maximum=100) for _ in range(200)]
    assert abs(item_analysis(rows)[0].discrimination) < 0.2


@pytest.mark.parametrize(
    "rows",
    [
        [submission(i % 2, i % 3) for i in range(MIN_SUBMISSIONS - 1)],
        [submission(1, i % 2) for i in range(30)],
        [submission(i % 2) for i in range(30)],
        [submission(0.1 + 0.2, i % 2) for i in range(30)],
    ],
)
def test_discrimination_is_not_defined_for_tiny_classes_and_constant_points(rows):
    assert item_analysis(rows)[0].discrimination is None


def test_an_exercise_that_waits_for_a_person_has_no_numbers_and_is_not_in_the_rest():
    rows = [submission(i % 2, i % 3, 0, statuses=["passed", "passed", "manual"]) for i in range(20)]
    first, _, waiting = item_analysis(rows)
    assert (waiting.share, waiting.discrimination, waiting.waiting) == (None, None, 20)
    x, rest = np.array([i % 2 for i in range(20)]), np.array([i % 3 for i in range(20)])
    assert first.discrimination == pytest.approx(np.corrcoef(x, rest)[0, 1])


def test_a_submission_of_which_nothing_was_reached_does_not_count():
    rows = [submission(1, 1), submission(0, 0, statuses=["not_reached"] * 2)]
    assert item_analysis(rows)[0].share == 1.0


def test_two_tests_of_one_exercise_are_one_item():
    tasks = (TaskResult("test-net-1", 1, 1, "passed"), TaskResult("test-net-2", 0, 3, "failed"))
    item = item_analysis([SubmissionResult("s", "a", tasks, (), None, "none", {}, "", 0.0)])
    assert [(i.exercise, i.max_points, i.share) for i in item] == [("net", 4.0, 0.25)]


@given(st.lists(st.tuples(*[st.sampled_from([0.0, 0.5, 1.0])] * 3), min_size=1, max_size=30))
def test_numbers_stay_in_their_range(rows):
    for item in item_analysis([submission(*row) for row in rows]):
        assert 0 <= item.share <= 1
        assert item.discrimination is None or -1 <= item.discrimination <= 1
