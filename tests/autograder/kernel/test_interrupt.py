"""Work in a thread can be interrupted, but not the thread's next work."""

import threading
import time

import pytest

from autograder.kernel.interrupt import Interruptible


class Overdue(Exception):
    pass


def test_work_without_end_is_interrupted():
    begun, ended = threading.Event(), []

    def forever():
        begun.set()
        while True:
            time.sleep(0.001)

    work = Interruptible(forever)

    def thread():
        with pytest.raises(Overdue):
            work.run()
        ended.append(True)

    running = threading.Thread(target=thread)
    running.start()
    begun.wait()
    work.interrupt(Overdue)
    running.join(10)
    assert ended == [True]


def test_after_its_end_nothing_is_interrupted():
    work = Interruptible(lambda: 7)
    assert work.run() == 7
    work.interrupt(Overdue)
    assert sum(range(10_000)) == 49_995_000
