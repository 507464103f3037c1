"""Run failed tests again with the author's answers to earlier exercises, in fresh kernels.

The author's definitions are within reach of the student's code there. So nothing comes out of such a kernel but whether
a test has passed: no message, no output, no time, and no file.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from nbformat import NotebookNode

from autograder.course_files import NO_FILES, CourseFiles, write_files
from autograder.grading.exercise_graph import exercise_graph
from autograder.grading.follow_through import Candidates, Reexamination, credited, failed_tests
from autograder.grading.reexamined_notebook import passed_under_other_names, with_authors_answers, with_other_names
from autograder.kernel.limits import Limits
from autograder.kernel.provisioner import Kernels
from autograder.kernel.session import Execution, Follower, execute
from autograder.referee.examiner import Examiner, in_kernel
from autograder.referee.folder import referee_folder
from autograder.referee.scoring import judge
from autograder.results import TaskResult


@dataclass(frozen=True)
class Reexaminer:
    """Examines failed tests of one submission again.

    Attributes:
        source: the instructor version with AUTOTEST lines instantiated.
        kernels: where fresh kernels come from.
        limits: of the submission. All its further kernels together may take as long as one notebook.
        files: the author's, for what examines the submission.
        beside: the files next to the notebook, by relative path, for kernels that run the submission's cells.
        follower: is told when a cell begins, since that bounds what a check may compute.
    """

    source: NotebookNode
    kernels: Kernels
    limits: Limits
    files: CourseFiles = NO_FILES
    beside: Mapping[str, bytes] = field(default_factory=dict)
    follower: Follower | None = None

    def follow_through(
        self,
        notebook: NotebookNode,
        tasks: tuple[TaskResult, ...],
        skip: Collection[int],
        share: float,
        before: Callable[[], None] = lambda: None,
    ) -> tuple[TaskResult, ...]:
        """The tasks, with points for those that failed only for what an earlier exercise did.

        Args:
            notebook: the reconciled submission.
            tasks: what its tests have earned in the first run.
            skip: indices of cells that need not run.
            share: of the points.
            before: called once before anything is examined again.

        Raises:
            KernelError: if no kernel can be started.
        """
        failed = set(failed_tests(tasks))
        if not failed:
            return tasks
        graph = exercise_graph(self.source)
        candidates = Candidates(self.source, notebook, graph, in_kernel(self.source))
        passed: dict[str, tuple[str, ...]] = {}
        tried: set[tuple[str, tuple[str, ...]]] = set()
        left = self.limits.notebook_seconds
        while (again := candidates.next(failed, tried)) is not None and left > 0:
            if not tried:
                before()
            tried |= {(test, again.replaced) for test in again.tests}
            began = time.monotonic()
            executed = self._executed(with_authors_answers(notebook, self.source, again, skip), left)
            # Who only waits uses up wall time, of which a notebook has so many times more.
            left -= max(executed.processor_seconds, (time.monotonic() - began) / self.limits.backstop)
            right = {task.grade_id for task in judge(executed) if task.status == "passed"} & set(again.tests)
            if right:
                right -= self._answered_by_others(replace(again, tests=tuple(t for t in again.tests if t in right)))
            passed |= dict.fromkeys(right, again.replaced)
            failed -= right
        return tuple(
            credited(task, passed[task.grade_id], graph, share) if task.grade_id in passed else task for task in tasks
        )

    def _answered_by_others(self, again: Reexamination) -> set[str]:
        """The tests that an author's answer to an earlier exercise passes under another name."""
        notebook = with_other_names(self.source, again, exercise_graph(self.source))
        return passed_under_other_names(self._executed(notebook, self.limits.notebook_seconds))

    def _executed(self, notebook: NotebookNode, seconds: float) -> Execution:
        with self.kernels.workplace() as place, referee_folder(self.files) as folder:
            write_files(self.beside, place / "work")
            return execute(
                notebook,
                place / "work",
                replace(self.limits, notebook_seconds=seconds),
                base=self.kernels.environment(place),
                manager=self.kernels.manager(place, self.limits),
                examiner=Examiner(self.source, folder),
                watched=place,
                follower=None if self.follower is None else _Quiet(self.follower),
            )


@dataclass(frozen=True)
class _Quiet:
    """Passes on that a cell begins, and nothing of what comes of it."""

    follower: Follower

    def begins(self) -> None:
        self.follower.begins()

    def ended(self, index: int, execution: Execution) -> None:
        """Keep it here."""
