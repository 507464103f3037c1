import pytest

from benchmarks.cluster import Costs, simulate

FREE = Costs(start=0.0, pack=0.0, carry=0.0, write=0.0)


def test_without_costs_workers_share_the_work():
    assert simulate([1.0] * 64, 1, FREE) == 64
    assert simulate([1.0] * 64, 64, FREE) == 1


def test_one_worker_starts_once_and_the_last_result_is_written_after_it():
    assert simulate([2.0] * 10, 1, Costs(5.0, 0.0, 0.0, 0.5)) == pytest.approx(5 + 20 + 0.5)


def test_many_workers_cannot_be_faster_than_the_one_that_writes():
    assert simulate([1.0] * 1000, 1000, Costs(0.0, 0.0, 0.0, 0.1)) >= 100


def test_many_workers_cannot_be_faster_than_the_scheduler():
    assert simulate([0.0] * 1000, 1000, Costs(0.0, 0.0, 0.1, 0.0)) == pytest.approx(100)


def test_the_longest_submission_bounds_the_time():
    assert simulate([1.0, 50.0, 1.0], 3, FREE) == 50
