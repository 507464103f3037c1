"""The ``autograder`` command. Each subcommand parses, calls the layers below and prints what came of it.

Exit status: 0 done; 1 done, but something could not be graded or a check failed; 2 wrong usage or bad input.
"""

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

from autograder.course import Course
from autograder.errors import AutograderError
from autograder.results import SubmissionResult
from autograder.student_cli import app, console, main

if TYPE_CHECKING:
    from autograder.grading.one import Settings
    from autograder.grading.store import ResultsFolder
    from autograder.kernel.isolation import Isolation

__all__ = ["main"]

CourseOption = Annotated[
    Path | None, typer.Option("--course", help="The course folder; default: around the working one.")
]


class IsolationWish(StrEnum):
    """How a student's code is kept apart from the machine."""

    AUTO = "auto"
    REQUIRED = "required"
    NONE = "none"


class Edition(StrEnum):
    """Which readers a book is made for."""

    STUDENT = "student"
    INSTRUCTOR = "instructor"


@app.command()
def release(
    chapters: Annotated[list[str] | None, typer.Argument(help="Chapters, by name or number; default: all.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write; default: build/release/…")] = None,
    course: CourseOption = None,
) -> None:
    """Make the student bundle: notebooks without solutions or hidden tests, and the helper package."""
    from autograder.publishing.release import release as make_release

    made = make_release(Course.find(course), chapters or (), out)
    console.print(f"released {', '.join(made.chapters)}", soft_wrap=True)
    console.print(f"folder   {made.folder}\nzip      {made.archive}", soft_wrap=True)


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
    results = _graded(found, path, workers, settings, folder, isolation)
    console.print(_score_table(results))
    console.print(f"results  {folder.root / 'results.json'}", soft_wrap=True)
    if json_file is not None:
        json_file.write_text(json.dumps(batch_to_json(results), indent=1, ensure_ascii=False), encoding="utf-8")
    ungradable = [result for result in results if not result.gradable]
    for result in ungradable:
        console.print(f"[yellow]{escape(result.student)}[/]: {escape(str(result.fault))}", soft_wrap=True)
    raise typer.Exit(1 if ungradable else 0)


@app.command()
def feedback(
    results: Annotated[Path, typer.Argument(help="The folder that `autograder grade` wrote.")],
    out: Annotated[Path | None, typer.Option(help="Folder for the pages; default: RESULTS/feedback.")] = None,
) -> None:
    """Write one self-contained page for each submission. Hidden tests never appear in it."""
    from autograder.grading.store import ResultsFolder
    from autograder.reporting.feedback import write_feedback

    folder = ResultsFolder(results)
    batch = folder.read_batch()
    pages = write_feedback([(r, folder.read_notebook(r)) for r in batch], out or results / "feedback")
    console.print(f"{len(pages)} pages in {out or results / 'feedback'}", soft_wrap=True)


@app.command()
def book(
    edition: Annotated[
        Edition, typer.Option(help="For whom: students see stubs, instructors solutions.")
    ] = Edition.STUDENT,
    clean: Annotated[bool, typer.Option("--clean", help="Execute every chapter again.")] = False,
    course: CourseOption = None,
) -> None:
    """Execute the chapters that changed and build the book; warnings are errors."""
    from autograder.publishing.book import build_book

    made = build_book(Course.find(course), edition.value, clean=clean)
    console.print(f"executed {len(made.executed)} chapters, reused {len(made.reused)}, in {made.seconds:.0f} s")
    console.print(f"book     {made.html / 'index.html'}", soft_wrap=True)


@app.command()
def demo(
    out: Annotated[Path | None, typer.Option(help="Where to put everything; default: build/demo.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Submissions at a time; default: one a core.")] = None,
    course: CourseOption = None,
) -> None:
    """Go the whole way on a sample class: release, hand in, grade, feedback, book; then say where to look."""
    from autograder.grading.batch import default_jobs
    from autograder.grading.one import Settings
    from autograder.grading.store import ResultsFolder
    from autograder.kernel.limits import Limits
    from autograder.publishing.book import build_book
    from autograder.publishing.release import release as make_release
    from autograder.reporting.feedback import write_feedback
    from autograder.samples.sample_class import hand_in

    found = Course.find(course)
    target = (out or found.build / "demo").resolve()
    console.rule("1. The student edition", align="left")
    made = make_release(found, out=target / "release" / "deep-learning-workbook")
    console.print(f"{len(made.chapters)} chapters released")
    console.rule("2. A sample class hands in", align="left")
    handed_in = hand_in(found, target / "submitted")
    console.print(f"{len(handed_in)} submissions, good, wrong and broken")
    console.rule("3. Grading", align="left")
    workers = jobs or default_jobs()
    folder = ResultsFolder(target / "results")
    settings = Settings(Limits(cell_seconds=20.0, notebook_seconds=300.0))
    results = _graded(found, target / "submitted", workers, settings, folder, IsolationWish.AUTO)
    console.print(_score_table(results))
    console.rule("4. Feedback", align="left")
    pages = write_feedback([(r, folder.read_notebook(r)) for r in results], folder.root / "feedback")
    console.print(f"{len(pages)} pages")
    console.rule("5. The book", align="left")
    rendered = build_book(found)
    console.print(f"{rendered.pages} pages in {rendered.seconds:.0f} s")
    console.rule("Where to look", align="left")
    for name, place in (
        ("bundle", made.folder),
        ("submissions", target / "submitted"),
        ("scores", folder.root / "results.json"),
        ("feedback", folder.root / "feedback" / "index.html"),
        ("book", rendered.html / "index.html"),
    ):
        console.print(f"{name:12} {place}", soft_wrap=True)


def _graded(
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


def _score_table(results: list[SubmissionResult]) -> Table:
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
