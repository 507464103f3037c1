"""``autograder feedback``: a page for each submission."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.app import app, console
from autograder.cli.hand_graded import with_hand_graded
from autograder.cli.late_penalties import with_late_penalties
from autograder.cli.options import (
    CourseOption,
    DueOption,
    GradebookOption,
    LateOption,
    ResultsArgument,
    SubmittedOption,
    TimesOption,
)
from autograder.course import Course
from autograder.durations import counted
from autograder.errors import ReportError


@app.command()
def feedback(
    results: ResultsArgument,
    out: Annotated[Path | None, typer.Option(help="Folder for the pages; default: RESULTS/feedback.")] = None,
    rubric: Annotated[bool, typer.Option("--rubric", help="Show the mark schemes of written answers.")] = False,
    outputs: Annotated[bool, typer.Option(help="Show what the students' own cells displayed.")] = True,
    late: LateOption = "none",
    due: DueOption = None,
    times: TimesOption = None,
    submitted: SubmittedOption = None,
    gradebook: GradebookOption = None,
    course: CourseOption = None,
) -> None:
    """Write one self-contained page for each submission. Hidden tests never appear in it."""
    from autograder.grading.source import read_source
    from autograder.grading.store import ResultsFolder
    from autograder.reporting.feedback import PageOptions, write_feedback
    from autograder.reporting.mistake_notes import FILE, read_notes
    from autograder.reporting.rubric import mark_schemes
    from autograder.reporting.same_course import require_same_course

    folder = ResultsFolder(results)
    batch, _ = with_hand_graded(folder.read_batch(), results, gradebook)
    grades = with_late_penalties(batch, late, due, times or (), submitted)
    rubrics = {}
    if rubric:
        found, names = Course.find(course), {result.assignment for result in batch}
        sources = {c.name: read_source(found, c.name) for c in found.chapters if c.name in names}
        for result in batch:
            require_same_course(result, sources)
        rubrics = {name: mark_schemes(source) for name, source in sources.items()}
    place = out or results / "feedback"
    notes = {key: note for key, note in read_notes(results / FILE).items() if note}
    try:
        graded = ((grade, folder.read_notebook(grade.result)) for grade in grades)
        pages = write_feedback(graded, place, PageOptions(rubrics, notes, outputs))
    except OSError as error:
        raise ReportError(
            f"{place} cannot be written: {error.strerror or error}. Make room, or name another folder with --out."
        ) from error
    console.print(f"{len(pages)} pages in {place}", soft_wrap=True)
    if notes:
        console.print(f"with your {counted(len(notes), 'note')} from {results / FILE}", soft_wrap=True)
