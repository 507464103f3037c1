"""``autograder grade``: grade submissions and keep what they earned."""

from __future__ import annotations

import json
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from autograder.cli.options import CourseOption
from autograder.course import Course
from autograder.errors import AutograderError
from autograder.results import SubmissionResult
from autograder.student_cli import app, console

if TYPE_CHECKING:
    from autograder.grading.one import Settings
    from autograder.grading.store import ResultsFolder
    from autograder.kernel.isolation import Isolation


class IsolationWish(StrEnum):
    """How a student's code is kept apart from the machine."""

    AUTO = "auto"
    REQUIRED = "required"
    NONE = "none"


@app.command()
def grade(
    path: Annotated[Path, typer.Argument(help="A notebook, a folder or zip of them, or nbgrader's submitted/.")],
    jobs: Annotated[int | None, typer.Option(min=1, help="Submissions at a time; default: one a core.")] = None,
    isolation: Annotated[IsolationWish, typer.Option(help="Refuse to run with less than this.")] = IsolationWish.AUTO,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds that one cell may take.")] = 120.0,
    notebook_timeout: Annotated[float, typer.Option(min=1, help="Seconds that one notebook may take.")] = 900.0,
    memory: Annotated[float, typer.Option(min=0.5, help="GB of memory that one notebook may take.")] = 4.0,
    experiments: Annotated[bool, typer.Option("--experiments", help="Also run cells that earn nothing.")] = False,
    nbgrader_scoring: Annotated[
        bool, typer.Option("--nbgrader-scoring", help="Run tests in the student's kernel and score as nbgrader does.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Results folder; default: build/results.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Also write the batch's JSON here.")] = None,
    course: CourseOption = None,
) -> None:
    """Grade submissions. Finished work is kept: run the same command again to go on after an interruption."""
    from autograder.grading.batch import default_jobs
    from autograder.grading.one import Settings
    from autograder.grading.store import ResultsFolder
    from autograder.kernel.limits import Limits
    from autograder.results import batch_to_json

    found = Course.find(course)
    workers = jobs or default_jobs()
    threads = max(1, default_jobs() // workers)
    limits = Limits(timeout, notebook_timeout, threads=threads, memory_bytes=int(memory * 1e9))
    settings = Settings(limits, "nbgrader" if nbgrader_scoring else "referee", experiments)
    folder = ResultsFolder(out or found.build / "results")
    results = graded_batch(found, path, workers, settings, folder, isolation)
    console.print(score_table(results))
    console.print(f"results  {folder.root / 'results.json'}", soft_wrap=True)
    if json_file is not None:
        json_file.write_text(json.dumps(batch_to_json(results), indent=1, ensure_ascii=False), encoding="utf-8")
    ungradable = [result for result in results if not result.gradable]
    for result in ungradable:
        console.print(f"[yellow]{escape(result.student)}[/]: {escape(str(result.fault))}", soft_wrap=True)
    raise typer.Exit(1 if ungradable else 0)


def graded_batch(
    course: Course, path: Path, jobs: int, settings: Settings, folder: ResultsFolder, wish: IsolationWish
) -> list[SubmissionResult]:
    """Find, grade and keep; shows a progress bar on a terminal and a line for each submission elsewhere."""
    from autograder.grading.batch import grade_batch, load_sources
    from autograder.grading.submissions import find_submissions, unpack
    from autograder.grading.worker import worker_pool
    from autograder.kernel.warm import zygote_where_possible

    names = [chapter.name for chapter in course.chapters]
    isolation = _isolation(wish)
    with (
        tempfile.TemporaryDirectory(prefix="submissions-") as unpacked,
        zygote_where_possible(settings.limits, isolation) as address,
        worker_pool(jobs) as executor,
    ):
        if path.suffix == ".zip" and path.is_file():
            unpack(path, Path(unpacked))
            path = Path(unpacked)
        submissions = find_submissions(path, names)
        used = {submission.assignment for submission in submissions}
        sources = load_sources(course, names if None in used else [name for name in names if name in used])
        origin = "started one by one" if address is None else "forked from one warm process"
        console.print(f"{len(submissions)} submissions, {jobs} at a time, kernels {origin}")
        console.print(f"isolation: {isolation}; tests run {_WHERE[settings.scoring]}", soft_wrap=True)
        results = []
        columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("", total=len(submissions))
            for step in grade_batch(submissions, sources, folder, settings, executor, address):
                bar.advance(task)
                results.append(step.result)
                if not console.is_terminal:
                    kept = " (kept from an earlier run)" if step.reused else ""
                    console.print(
                        f"{step.done}/{step.total} {step.result.student} {step.result.assignment}{kept}",
                        markup=False, soft_wrap=True,
                    )  # fmt: skip
    return sorted(results, key=lambda r: (r.assignment, r.student))


_WHERE = {
    "referee": "in a process of their own",
    "nbgrader": "beside the student's code, which can deceive them (--nbgrader-scoring)",
}


def _isolation(wish: IsolationWish) -> Isolation:
    """The protections to use.

    Raises:
        AutograderError: if all were wished for and this machine lacks one.
    """
    from autograder.kernel.isolation import NONE, available

    if wish is IsolationWish.NONE:
        return NONE
    offered = available()
    for reason in offered.missing:
        console.print(f"[yellow]not isolated in full[/]: {escape(reason)}", soft_wrap=True)
    if wish is IsolationWish.REQUIRED and not offered.complete:
        raise AutograderError(f"--isolation required cannot be met: {'; '.join(offered.missing)}.")
    return offered


def score_table(results: list[SubmissionResult]) -> Table:
    """Who earned what, for a terminal."""
    table = Table("student", "assignment", "score", "by hand", "flags", box=None, header_style="bold")
    table.columns[2].justify = table.columns[3].justify = "right"
    for result in results:
        score = f"{result.score:g}/{result.max_score:g}" if result.tasks else "none"
        table.add_row(
            escape(result.student),
            escape(result.assignment),
            score,
            f"{result.pending:g}",
            escape(", ".join(result.flags)),
        )
    return table
