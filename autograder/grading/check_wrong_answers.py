"""Grade the wrong answers that an author has written down as students' answers will be graded."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path

import nbformat

from autograder.grading.grade_submission import GradedSubmission, Settings, Source
from autograder.grading.job import Job
from autograder.grading.submissions import Submission
from autograder.grading.worker import run_job
from autograder.grading.worker_pool import WorkerEnded
from autograder.kernel.course_code import NO_CODE, CourseCode
from autograder.kernel.zygote_client import Address
from autograder.notebook.cells import by_grade_id, cell_info
from autograder.wrong_answers import WrongAnswer


def check_wrong_answers(
    source: Source,
    answers: Sequence[WrongAnswer],
    settings: Settings,
    executor: Executor,
    made_with: Mapping[str, str],
    address: Address | None = None,
    code: CourseCode = NO_CODE,
) -> Iterator[str]:
    """A sentence for each wrong answer that does not do what its header says: lose these points, under this name.

    Each is graded in the place of the chapter's own solution to that exercise.

    Raises:
        AutograderError: if no kernel can be started, or the chapter's own cells fail.
    """
    with tempfile.TemporaryDirectory(prefix="answers-") as folder:
        running = []
        for number, answer in enumerate(answers):
            submission = _submission(source, answer, Path(folder, str(number)))
            if submission is None:
                yield f"{_called(answer)}: the chapter has no such exercise."
                continue
            job = Job(submission, source, settings, made_with, address, code)
            running.append((answer, executor.submit(run_job, job)))
        for answer, future in running:
            try:
                graded = future.result()
            except WorkerEnded:
                yield f"{_called(answer)} ends the process that runs the tests."
                continue
            yield from _differences(answer, graded, source)


def _submission(source: Source, answer: WrongAnswer, folder: Path) -> Submission | None:
    """The chapter's solution with this answer in it, as if a student had handed it in."""
    notebook = copy.deepcopy(source.notebook)
    cell = by_grade_id(notebook).get(answer.grade_id)
    if cell is None or cell_info(cell).kind != "solution":
        return None
    cell.source = answer.source
    folder.mkdir()
    path = folder / f"{source.name}.ipynb"
    nbformat.write(notebook, path)
    return Submission(answer.mistake, source.name, path, path.name)


def _differences(answer: WrongAnswer, graded: GradedSubmission, source: Source) -> Iterator[str]:
    tests = {name for name, cell in by_grade_id(source.notebook).items() if cell_info(cell).kind == "test"}
    lost = [t for t in graded.result.tasks if t.grade_id in tests and t.points < t.max_points]
    expected, found = set(answer.fails), {task.grade_id for task in lost}
    if expected - found:
        yield f"{_called(answer)} keeps its points at {', '.join(sorted(expected - found))}."
    if found - expected:
        yield f"{_called(answer)} loses points at {', '.join(sorted(found - expected))}, too."
    names = {task.mistake for task in lost}
    if lost and answer.mistake not in names:
        other = " and ".join(sorted(repr(name) for name in names if name))
        message = next(iter(lost[0].message.splitlines()), "")[:200]
        yield f"{_called(answer)} is {f'called {other}' if other else 'given no name'}: {message}"


def _called(answer: WrongAnswer) -> str:
    return f"the wrong answer {answer.mistake!r} to {answer.grade_id!r}"
