"""``autograder demo``: the whole way on a sample class."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.app import app, console
from autograder.cli.book import tell_executed
from autograder.cli.grade import graded_batch, score_table
from autograder.cli.options import CourseOption
from autograder.cli.progress import log_file
from autograder.cli.report import report
from autograder.cli.workers import IsolationWish, local
from autograder.course import Course
from autograder.errors import CourseError


@app.command()
def demo(
    out: Annotated[Path | None, typer.Option(help="Where to put everything; default: build/demo.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Submissions at a time; default: one a core.")] = None,
    course: CourseOption = None,
) -> None:
    """Go the whole way on a sample class: release, hand in, grade, feedback, report, book; then say where to look."""
    from autograder.cores import available_cores
    from autograder.grading.grade_submission import Settings
    from autograder.grading.store import ResultsFolder
    from autograder.kernel.limits import Limits
    from autograder.publishing.book import build_book
    from autograder.publishing.release import release as make_release
    from autograder.reporting.feedback import write_feedback
    from autograder.reporting.lateness import Grade

    found = Course.find(course)
    hand_in = found.hook("sample_class")
    if hand_in is None:
        raise CourseError(f"{found.root} has no sample class: course.toml names no hook sample_class.")
    target = (out or found.build / "demo").resolve()
    console.rule("1. The student edition", align="left")
    made = make_release(found, out=target / "release" / found.slug)
    console.print(f"{len(made.chapters)} chapters released")
    console.rule("2. A sample class hands in", align="left")
    handed_in = hand_in(found, target / "submitted")
    console.print(f"{len(handed_in)} submissions, good, wrong and broken")
    console.rule("3. Grading", align="left")
    workers = jobs or available_cores()
    folder = ResultsFolder(target / "results")
    settings = Settings(Limits(cell_seconds=20.0, notebook_seconds=300.0))
    force = partial(local, workers, settings, IsolationWish.AUTO, console)
    with log_file(target / "grading.jsonl") as log:
        results = graded_batch(found, target / "submitted", settings, folder, force, console, log).results
    console.print(score_table(results))
    console.rule("4. Feedback", align="left")
    pages = write_feedback([(Grade(r), folder.read_notebook(r)) for r in results], folder.root / "feedback")
    console.print(f"{len(pages)} pages")
    console.rule("5. The class report", align="left")
    report(folder.root, course=found.root)
    console.rule("6. The book", align="left")
    rendered = build_book(found, tell=tell_executed)
    console.print(f"{rendered.pages} pages in {rendered.seconds:.0f} s")
    console.rule("Where to look", align="left")
    for name, place in (
        ("bundle", made.folder),
        ("submissions", target / "submitted"),
        ("scores", folder.root / "results.json"),
        ("log", target / "grading.jsonl"),
        ("feedback", folder.root / "feedback" / "index.html"),
        ("report", folder.root / "report.html"),
        ("book", rendered.html / "index.html"),
    ):
        console.print(f"{name:12} {place}", soft_wrap=True)
