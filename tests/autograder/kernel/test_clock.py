"""A cell ends for what it computes, for waiting, or at a wall time far above both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.kernel.clock import LOOK_SECONDS, NotebookClock
from autograder.kernel.limits import Limits
from autograder.kernel.processes import Activity

LIMITS = Limits(cell_seconds=10, notebook_seconds=25, waiting_seconds=3, backstop=10)


class Kernel:
    """A kernel whose seconds pass as a test says, and the clock that watches it."""

    def __init__(self, limits=LIMITS, tells=True):
        self.time = self.computed = 0.0
        self.running, self.ready, self.tells = False, False, tells
        self.clock = NotebookClock(limits, self.ask, lambda: self.time)
        self.clock.begins()

    def ask(self):
        return Activity(self.computed, self.running, self.ready) if self.tells else None

    def passes(self, seconds, share=0.0, running=False, waiting=True, ready=False):
        """Let time pass, look as often as is due, and return the first verdict with the time at which it fell."""
        for _ in range(round(seconds / LOOK_SECONDS)):
            self.time += LOOK_SECONDS
            self.computed += share * LOOK_SECONDS
            self.running, self.ready = running, ready
            verdict = self.clock.look(waiting)
            if verdict is not None:
                return verdict, self.time
        return None, self.time


@pytest.mark.parametrize("share", [1.0, 0.5, 0.2], ids=["idle machine", "busy machine", "very busy machine"])
def test_a_cell_may_compute_as_much_on_a_busy_machine(share):
    verdict, at = Kernel().passes(90, share, running=True)
    assert "10 s of processor time" in verdict
    assert at == pytest.approx(10 / share, abs=2 * LOOK_SECONDS)


def test_a_cell_that_waits_for_a_core_does_not_count_as_waiting():
    verdict, _ = Kernel().passes(60, share=0.01, running=True)
    assert verdict is None


def test_a_cell_that_computes_nothing_is_ended():
    verdict, at = Kernel().passes(60)
    assert "waited for 3 s" in verdict
    assert at == 3


def test_waiting_in_pieces_ends_at_the_limit_of_a_cell():
    kernel = Kernel()
    for _ in range(100):
        verdict, at = kernel.passes(2.0)
        if verdict is not None:
            break
        kernel.passes(0.5, share=0.2)
    assert "waited for 10 s in all" in verdict
    assert 10 <= at <= 13


def test_a_kernel_that_waits_for_its_check_is_not_waiting():
    verdict, _ = Kernel().passes(60, waiting=False)
    assert verdict is None


def test_wall_time_ends_what_computes_a_little():
    verdict, at = Kernel().passes(1000, share=0.05, running=True)
    assert "took 100 s" in verdict
    assert at == 100


@pytest.mark.parametrize("share", [0.05, 0.02], ids=["twenty to a core", "fifty to a core"])
def test_however_many_share_a_core_a_cell_ends_for_what_it_computes(share):
    verdict, at = Kernel().passes(1000, share, running=True, ready=True)
    assert "10 s of processor time" in verdict
    assert at == pytest.approx(10 / share, abs=2 * LOOK_SECONDS)


def test_a_cell_that_gets_no_core_is_ended_at_last():
    verdict, at = Kernel().passes(2000, share=0.001, running=True, ready=True)
    assert "took 100 s" in verdict
    assert at == 1000


def test_where_processor_time_is_not_known_wall_time_counts():
    verdict, at = Kernel(tells=False).passes(60)
    assert "10 s of processor time" in verdict
    assert at == 10


def test_each_cell_has_its_own_limit_and_the_notebook_one_for_all():
    kernel = Kernel()
    for _ in range(2):
        assert kernel.passes(9, share=1.0, running=True)[0] is None
        assert kernel.clock.used_up() is None
        kernel.clock.begins()
    verdict, _ = kernel.passes(9, share=1.0, running=True)
    assert "notebook's limit of 25 s" in verdict
    assert "notebook's limit of 25 s" in kernel.clock.used_up()


def test_what_cells_before_used_unseen_is_not_the_next_cells():
    kernel = Kernel()
    for _ in range(30):
        kernel.time += 0.4
        kernel.computed += 0.4
        kernel.clock.begins()
    assert kernel.passes(8.5, share=1.0, running=True)[0] is None


@given(st.lists(st.tuples(st.floats(0.5, 6), st.floats(0, 1), st.booleans()), max_size=30))
def test_near_the_limit_is_told_whenever_a_limit_is_reached(pieces):
    kernel = Kernel()
    for seconds, share, running in pieces:
        verdict, _ = kernel.passes(seconds, share, running)
        if verdict is not None and "took" not in verdict:
            assert kernel.clock.near
            return
    assert kernel.computed <= LIMITS.cell_seconds + LOOK_SECONDS
