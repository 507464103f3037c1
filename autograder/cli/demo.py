"""``autograder demo``: the whole way on a sample class."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from autograder.cli.app import Terminal, app, console
from autograder.cli.book import print_missing
from autograder.cli.grade import graded_batch, score_table
from autograder.cli.options import CourseOption
from autograder.cli.progress import duration, lines_to, log_file
from autograder.cli.report import report
from autograder.cli.workers import IsolationWish, local
from autograder.course import Course
from autograder.course_settings import FollowThrough
from autograder.durations import Durations, about
from autograder.errors import AutograderError, CourseError
from autograder.results import SubmissionResult

_TITLES = {
    "class": "A sample class hands in",
    "grading": "Grading",
    "feedback": "Feedback",
    "report": "The class report",
    "release": "The student edition",
    "book": "The book",
}


@app.command()
def demo(
    out: Annotated[Path | None, typer.Option(help="Where to put everything; default: build/demo.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Submissions at a time; default: one a core.")] = None,
    course: CourseOption = None,
) -> None:
    """Go the whole way on a sample class: hand in, grade, feedback, report, release, book; then say where to look."""
    import_module("autograder.publishing.book")  # a missing extra is named before minutes are spent on grading
    found = Course.find(course)
    target = (out or found.build / "demo").resolve()
    steps = _Steps(found)
    with steps.one("class"):
        _hand_in(found, target / "submitted")
    with steps.one("grading"):
        results = _grade(found, target, jobs)
    with steps.one("feedback"):
        _feedback(target / "results", results)
    with steps.one("report"):
        report(target / "results", course=found.root)
    places = {
        "submissions": target / "submitted",
        "scores": target / "results" / "results.json",
        "log": target / "grading.jsonl",
        "feedback": target / "results" / "feedback" / "index.html",
        "report": target / "results" / "report.html",
    }
    complete = True
    for name, publish in (("release", _release), ("book", _book)):
        try:
            with steps.one(name):
                fine, places[name] = publish(found, target)
        except AutograderError as error:
            # What is finished is worth a look.
            console.print(f"[bold red]error:[/] {escape(str(error))}", soft_wrap=True)
            fine = False
        complete = complete and fine
    console.rule("Where to look", align="left")
    for name, place in places.items():
        console.print(f"{name:12} {place}", soft_wrap=True)
    console.print(f"all steps took {duration(steps.seconds)}")
    if not complete:
        console.print("not everything was made; what is missing, and why, is said above")
    raise typer.Exit(0 if complete else 1)


class _Steps:
    """The steps of the demo, each with a headline that says how long it took the last time on this machine."""

    def __init__(self, course: Course) -> None:
        self._durations = Durations(course.build / "durations" / "demo.json")
        self._begin = time.monotonic()

    @property
    def seconds(self) -> float:
        """Wall time since the first step began."""
        return time.monotonic() - self._begin

    @contextmanager
    def one(self, name: str) -> Iterator[None]:
        """Say what is done in the block, and note how long it took unless it fails."""
        number = list(_TITLES).index(name) + 1
        last = self._durations.seconds.get(name)
        estimate = f", {about(last)} the last time" if last is not None else ""
        console.rule(f"Step {number} of {len(_TITLES)}: {_TITLES[name]}{estimate}", align="left")
        begin = time.monotonic()
        yield
        seconds = time.monotonic() - begin
        self._durations.keep(name, seconds)
        console.print(f"step {number} took {duration(seconds)}")


def _hand_in(course: Course, folder: Path) -> None:
    hand_in = course.hook("sample_class")
    if hand_in is None:
        raise CourseError(
            f"{course.root} has no sample class. Expected a hook sample_class in course.toml; "
            "add one, or use release, grade and book one by one."
        )
    handed_in = hand_in(course, folder, lines_to(console))
    console.print(f"{len(handed_in)} submissions: good, wrong and broken ones")


def _grade(course: Course, target: Path, jobs: int | None) -> list[SubmissionResult]:
    from autograder.cores import available_cores
    from autograder.grading.grade_submission import Settings
    from autograder.grading.store import ResultsFolder
    from autograder.kernel.limits import Limits

    limits = Limits(cell_seconds=20.0, notebook_seconds=300.0)
    console.print(f"a cell is ended after {limits.cell_seconds:g} s: the submission with an endless loop comes last")
    settings = Settings(limits, follow_through=FollowThrough(course.settings.grading.follow_through))
    force = partial(local, jobs or available_cores(), settings, IsolationWish.AUTO, console)
    folder = ResultsFolder(target / "results")
    # A line for each score, also on a terminal, where a longer batch would have a bar.
    lines = Terminal(force_terminal=False)
    with log_file(target / "grading.jsonl") as log:
        results = graded_batch(course, target / "submitted", settings, folder, force, lines, log).results
    console.print(score_table(results))
    return results


def _feedback(results_folder: Path, results: list[SubmissionResult]) -> None:
    from autograder.grading.store import ResultsFolder
    from autograder.reporting.feedback import write_feedback
    from autograder.reporting.lateness import Grade

    folder = ResultsFolder(results_folder)
    pages = write_feedback([(Grade(r), folder.read_notebook(r)) for r in results], folder.root / "feedback")
    console.print(f"{len(pages)} pages")


def _release(course: Course, target: Path) -> tuple[bool, Path]:
    """Make the student bundle; returns that nothing is missing, and where it is."""
    from autograder.publishing.release import release as make_release

    made = make_release(course, out=target / "release" / course.slug, say=lines_to(console))
    console.print(f"{len(made.chapters)} chapters released")
    return True, made.folder


def _book(course: Course, _: Path) -> tuple[bool, Path]:
    """Build the book; returns whether it is complete, and where it begins."""
    from autograder.publishing.book import build_book

    made = build_book(course, say=lines_to(console))
    console.print(f"{made.pages} pages")
    print_missing(made.missing)
    return not made.missing, made.html / "index.html"
