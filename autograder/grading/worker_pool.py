"""Processes that grade side by side, and go on when one of them ends."""

from __future__ import annotations

import multiprocessing
import tempfile
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.errors import KernelError
from autograder.grading.cell_log import read_log, read_settled, remove_log
from autograder.grading.grade_submission import GradedSubmission
from autograder.grading.job import Job
from autograder.results import TaskResult


class WorkerEnded(Exception):
    """Raised for a job during which the worker process ended, twice.

    Attributes:
        earned: what its submission had earned by then.
    """

    def __init__(self, earned: tuple[TaskResult, ...]) -> None:
        super().__init__("the worker process ended")
        self.earned = earned


@dataclass
class _Task:
    """A job on its way."""

    function: Callable[[Job], GradedSubmission]
    job: Job
    log: Path
    tries: int = 0
    future: Future[GradedSubmission] = field(default_factory=Future)


class WorkerPool(Executor):
    """Grades several jobs at a time, each in a process that has no other.

    When a process ends, its job is tried again, alone: something else may have used up the machine's memory. Where the
    new process ends as well, it is the job's fault, which becomes a :class:`WorkerEnded`. All other jobs go on.

    Args:
        workers: how many jobs at a time.
        start: makes an executor of one process.
    """

    def __init__(self, workers: int, start: Callable[[], ProcessPoolExecutor]) -> None:
        self._start = start
        self._logs = tempfile.TemporaryDirectory(prefix="grading-")
        self._changed = threading.Condition()
        self._processes = [start() for _ in range(workers)]
        self._free = list(range(workers))
        self._waiting: deque[_Task] = deque()
        self._again: deque[_Task] = deque()
        self._running: dict[int, _Task] = {}
        self._count, self._closed = 0, False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        """Have a process call ``fn`` with one :class:`Job`.

        Raises:
            RuntimeError: after :meth:`shutdown`.
        """
        (job,) = args
        with self._changed:
            if self._closed:
                raise RuntimeError("the pool takes no jobs any more")
            self._count += 1
            task = _Task(fn, job, Path(self._logs.name, str(self._count)))
            self._waiting.append(task)
            self._hand_out()
        return task.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more jobs; wait for those that are there, unless told otherwise."""
        with self._changed:
            self._closed = True
            if cancel_futures or not wait:
                self._give_up_waiting()
            while wait and (self._waiting or self._again or self._running):
                self._changed.wait()
        for process in self._processes:
            process.shutdown(wait)
        if wait:
            self._logs.cleanup()

    def stop(self) -> None:
        """End every process now; nobody waits for what they are doing."""
        with self._changed:
            self._closed = True
            self._give_up_waiting()
        for worker in multiprocessing.active_children():
            worker.terminate()

    def _give_up_waiting(self) -> None:
        for task in (*self._waiting, *self._again):
            task.future.cancel()
        self._waiting.clear()
        self._again.clear()

    def _hand_out(self) -> None:
        """Begin what can begin; the lock is held. A job that is tried again has the machine for itself."""
        if self._again:
            if not self._running:
                self._begin(self._again.popleft())
            return
        while self._free and self._waiting:
            self._begin(self._waiting.popleft())

    def _begin(self, task: _Task) -> None:
        if task.tries == 0 and not task.future.set_running_or_notify_cancel():
            return
        place = self._free.pop()
        task.tries += 1
        remove_log(task.log)
        self._running[place] = task
        job = replace(task.job, log=task.log)
        try:
            theirs = self._processes[place].submit(task.function, job)
        except BrokenExecutor:
            # It has ended since its last job, for a reason of its own.
            self._processes[place] = self._start()
            theirs = self._processes[place].submit(task.function, job)
        theirs.add_done_callback(lambda done: self._ended(task, place, done))

    def _ended(self, task: _Task, place: int, theirs: Future[GradedSubmission]) -> None:
        """Take what came of a job, in the thread of its process's executor."""
        broken = not theirs.cancelled() and isinstance(theirs.exception(), BrokenExecutor)
        with self._changed:
            del self._running[place]
            if broken and not self._closed:
                self._processes[place] = self._start()
            again = broken and task.tries == 1 and not self._closed
            if again:
                self._again.append(task)
            self._free.append(place)
            self._hand_out()
            self._changed.notify_all()
        if not again:
            _pass_on(task, theirs, broken)


def _pass_on(task: _Task, theirs: Future[GradedSubmission], broken: bool) -> None:
    settled = None
    with suppress(OSError):
        earned = read_log(task.log) if broken else None
        settled = read_settled(task.log) if broken else None
        remove_log(task.log)
    if theirs.cancelled():
        task.future.set_exception(KernelError("the worker process was stopped"))
    elif settled is not None:
        # What ended the process can have come from code that saw the author's answers: nobody is told.
        task.future.set_result(settled)
    elif broken and earned is not None:
        task.future.set_exception(WorkerEnded(earned))
    elif (error := theirs.exception()) is not None:
        task.future.set_exception(error)
    else:
        task.future.set_result(theirs.result())
