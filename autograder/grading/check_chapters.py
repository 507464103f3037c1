"""Grade the author's own answers, and empty ones, as students' answers will be graded."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, Future
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.digest import digest, grader_digest
from autograder.errors import CourseError
from autograder.files import write_atomically
from autograder.grading.advice import advice
from autograder.grading.grade_submission import GradedSubmission, Settings, Source
from autograder.grading.job import Job
from autograder.grading.submissions import Submission
from autograder.grading.worker import run_job
from autograder.grading.worker_pool import WorkerEnded
from autograder.kernel.course_code import NO_CODE, CourseCode
from autograder.kernel.zygote_client import Address
from autograder.notebook.cells import by_grade_id, cell_info
from autograder.notebook.student_edition import student_edition
from autograder.results import TaskResult

SOLUTION, STUB = "solution", "empty answer"


@dataclass(frozen=True)
class ChapterCheck:
    """What is wrong with a chapter.

    Attributes:
        name: the chapter.
        faults: what would cost honest students points, a sentence each, with the cell.
        warnings: tests that an answer passes which was never written.
        words: for each test that asks the student's kernel for more than values, what it asks.
        answers: how many wrong answers of the author's were tried; None where that was not asked for.
        surprises: what of them is not as it was written down.
    """

    name: str
    faults: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    answers: int | None = None
    surprises: tuple[str, ...] = ()


def check_chapters(
    sources: Mapping[str, Source],
    settings: Settings,
    executor: Executor,
    made_with: Mapping[str, str],
    kept: Path,
    address: Address | None = None,
    code: CourseCode = NO_CODE,
) -> Iterator[ChapterCheck]:
    """Grade solution and stub of each chapter, and say what is wrong, chapter by chapter.

    Args:
        kept: a folder for what was found; a chapter that has not changed since is not run again.

    Raises:
        KernelError: if no kernel can be started on this machine.
    """
    with tempfile.TemporaryDirectory(prefix="answers-") as folder:
        running: dict[str, ChapterCheck | dict[str, Future[GradedSubmission]]] = {}
        for name, source in sources.items():
            known = _known(_path(kept, source, made_with))
            if known is not None:
                running[name] = known
            else:
                running[name] = {
                    who: executor.submit(run_job, Job(submission, source, settings, made_with, address, code))
                    for who, submission in _answers(source, Path(folder)).items()
                }
        for name, found in running.items():
            if isinstance(found, ChapterCheck):
                yield found
                continue
            checked = _checked(sources[name], found)
            write_atomically(_path(kept, sources[name], made_with), json.dumps(asdict(checked), indent=1))
            yield checked


def _answers(source: Source, folder: Path) -> dict[str, Submission]:
    """The chapter's solution and its stub, as if two students had handed them in."""
    found = {}
    for who, notebook in ((SOLUTION, source.notebook), (STUB, student_edition(source.notebook))):
        path = folder / who.replace(" ", "-") / f"{source.name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(notebook, path)
        found[who] = Submission(who, source.name, path, path.name)
    return found


def _path(kept: Path, source: Source, made_with: Mapping[str, str]) -> Path:
    settings = "\n".join(f"{name}={value}" for name, value in sorted(made_with.items()))
    return kept / f"{source.name}-{digest(source.key, grader_digest(), settings)[:16]}.json"


def _known(path: Path) -> ChapterCheck | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        words = tuple((grade_id, tuple(asked)) for grade_id, asked in data["words"])
        return ChapterCheck(data["name"], tuple(data["faults"]), tuple(data["warnings"]), words)
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _checked(source: Source, running: Mapping[str, Future[GradedSubmission]]) -> ChapterCheck:
    try:
        solution, stub = running[SOLUTION].result(), running[STUB].result()
    except CourseError as error:
        return ChapterCheck(source.name, (str(error),))
    except WorkerEnded:
        return ChapterCheck(source.name, ("the process that runs its tests ends, most likely for memory or time.",))
    words = tuple(sorted((name, asked) for name, asked in solution.words.items() if asked))
    return ChapterCheck(source.name, tuple(_faults(solution)), tuple(_warnings(stub)), words)


def _faults(solution: GradedSubmission) -> Iterator[str]:
    if solution.notebook is None:
        yield f"its own solution cannot be graded: {solution.result.fault}"
        return
    cells = by_grade_id(solution.notebook)
    if solution.result.fault is not None:
        yield f"its own solution does not run to its end: {solution.result.fault}."
    for number, cell in enumerate(solution.notebook.cells, start=1):
        yield from _stopped(cell, number)
    for task in solution.result.tasks:
        if cell_info(cells[task.grade_id]).kind == "test" and task.points < task.max_points:
            yield _costs(task, cells[task.grade_id])


def _stopped(cell: NotebookNode, number: int) -> Iterator[str]:
    """What is wrong with a cell that holds no test."""
    info = cell_info(cell)
    if cell.cell_type != "code" or info.kind == "test" or "raises-exception" in cell.metadata.get("tags", []):
        return
    first = next(iter(cell.source.strip().splitlines()), "")[:60]
    name = f"cell {info.grade_id!r}" if info.grade_id else f"cell {number}, which begins with {first!r},"
    for error in _errors(cell):
        what = _in_words(error)
        yield f"{name} stops with {what[:300]}.{advice(cell.source, what)}"


def _costs(task: TaskResult, cell: NotebookNode) -> str:
    """What is wrong with a test that the author's own solution does not pass."""
    earned = f"its own solution earns {task.points:g} of {task.max_points:g} points at cell {task.grade_id!r}"
    for error in _errors(cell):
        what = _in_words(error)
        line = _line(cell, error)
        return f"{earned}: {what[:300]}{f', in the line {line!r}' if line else ''}.{advice(line or cell.source, what)}"
    return f"{earned}: {task.message or task.status}"


def _in_words(error: NotebookNode) -> str:
    """The name of an error and the first line of its text."""
    first = next(iter(str(error.evalue).strip().splitlines()), "")
    return f"{error.ename}: {first}".strip().removesuffix(":").removesuffix(".")


def _errors(cell: NotebookNode) -> list[NotebookNode]:
    return [output for output in cell.get("outputs", []) if output["output_type"] == "error"]


def _line(cell: NotebookNode, error: NotebookNode) -> str:
    """The line of a test cell that an error comes from; empty where it is not known."""
    place = next(iter(error.get("traceback", [])), "")
    number = place.removeprefix("Cell In[0], line ")
    lines = cell.source.splitlines()
    return lines[int(number) - 1].strip()[:200] if number.isdigit() and 0 < int(number) <= len(lines) else ""


def _warnings(stub: GradedSubmission) -> Iterator[str]:
    cells = {} if stub.notebook is None else by_grade_id(stub.notebook)
    for task in stub.result.tasks:
        if task.points > 0 and cell_info(cells[task.grade_id]).kind == "test":
            yield f"an empty answer earns {task.points:g} of {task.max_points:g} points at cell {task.grade_id!r}."
