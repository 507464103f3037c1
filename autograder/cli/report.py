"""``autograder report``: one page about the class, for instructors."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.app import app, console
from autograder.cli.hand_graded import with_hand_graded
from autograder.cli.options import CourseOption, GradebookOption, ResultsArgument
from autograder.course import Course
from autograder.errors import CourseError, ReportError, ResultsError
from autograder.import_path import without_working_folder
from autograder.printable import printable

if TYPE_CHECKING:
    from autograder.reporting.similarity import Fingerprints
    from autograder.results import SubmissionResult

    Mapper = Callable[
        [Callable[[tuple[Path, SubmissionResult]], Fingerprints], list[tuple[Path, SubmissionResult]]],
        Iterable[Fingerprints],
    ]

# Starting processes takes a second or two; so many notebooks are read in less.
_WORTH_PROCESSES = 100


@app.command()
def report(
    results: ResultsArgument,
    out: Annotated[Path | None, typer.Option(help="File for the page; default: RESULTS/report.html.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Also write the same as JSON here.")] = None,
    gradebook: GradebookOption = None,
    course: CourseOption = None,
) -> None:
    """Write the class report: scores, exercises, mistakes, faults, flags, and code that is nearly the same."""
    from autograder.files import write_atomically
    from autograder.grading.store import ResultsFolder
    from autograder.reporting.lateness import Grade
    from autograder.reporting.mistake_notes import FILE, read_notes, with_mistakes, write_notes
    from autograder.reporting.report import class_report, report_page, report_to_json
    from autograder.reporting.similarity import likeness
    from autograder.reporting.term import over_term
    from autograder.results import require_distinct

    batch, _ = with_hand_graded(ResultsFolder(results).read_batch(), results, gradebook)
    require_distinct(batch)
    try:
        found = Course.find(course)
    except CourseError:
        if course is not None:
            raise
        # A report can be made far from the course; page and terminal then say that given code was not taken out.
        found = None
    held = _fingerprints(results, batch)
    given = _given(found, batch)
    compared = {name: likeness(students, given.get(name, {})) for name, students in held.items()}
    names = {name: {cell for answers in students.values() for cell in answers} for name, students in held.items()}
    made, term = class_report(batch, compared, names), over_term(map(Grade, batch))
    page = out or results / "report.html"
    notes = with_mistakes(read_notes(results / FILE), made)
    try:
        write_atomically(page, report_page(made, given.keys(), term, notes))
        if notes:
            write_notes(results / FILE, notes)
        if json_file is not None:
            text = json.dumps(report_to_json(made, term), indent=1, ensure_ascii=False) + "\n"
            write_atomically(json_file, printable(text, lines=True))
    except OSError as error:
        raise ReportError(
            f"the report cannot be written: {error}. Make room, or name another file with --out or --json."
        ) from error
    console.print(f"report  {page}", soft_wrap=True)
    if notes:
        told = "what you write there about a mistake reaches all who made it, with `autograder feedback`"
        console.print(f"notes   {results / FILE}: {told}", soft_wrap=True, markup=False)


def _fingerprints(root: Path, batch: list[SubmissionResult]) -> dict[str, dict[str, Fingerprints]]:
    """By assignment and student, the fingerprint of each answer in code."""
    held: dict[str, dict[str, Fingerprints]] = {}
    # A student's own files are alike.
    batch = [result for result in batch if not result.further]
    with _mapper(len(batch)) as mapped:
        for result, answers in zip(batch, mapped(_answers, [(root, result) for result in batch]), strict=True):
            if answers:
                held.setdefault(result.assignment, {})[result.student] = answers
    return held


def _answers(place: tuple[Path, SubmissionResult]) -> Fingerprints:
    from autograder.grading.store import ResultsFolder
    from autograder.reporting.fingerprints import answers

    notebook = ResultsFolder(place[0]).read_notebook(place[1])
    return answers(notebook) if notebook is not None else {}


def _given(course: Course | None, batch: list[SubmissionResult]) -> dict[str, Fingerprints]:
    """By assignment, what the student edition holds in its answer cells; says where that cannot be known."""
    from autograder.grading.source import read_source
    from autograder.notebook.student_edition import student_edition
    from autograder.reporting.fingerprints import answers
    from autograder.reporting.same_course import require_same_course

    if course is None:
        message = "Given code is not known and counts as the students' own: name the course with --course."
        console.print(message, soft_wrap=True)
        return {}
    names = {result.assignment for result in batch}
    sources = {chapter.name: read_source(course, chapter.name) for chapter in course.chapters if chapter.name in names}
    unknown: dict[str, str] = {}
    for result in batch:
        try:
            require_same_course(result, sources)
        except ResultsError as error:
            unknown.setdefault(result.assignment, str(error))
    for name, why in unknown.items():
        message = f"Given code of {name} is not known and counts as the students' own: {why}"
        console.print(message, soft_wrap=True, markup=False)
    return {name: answers(student_edition(source)) for name, source in sources.items() if name not in unknown}


@contextmanager
def _mapper(count: int) -> Iterator[Mapper]:
    """``map``, over processes where there is much to read."""
    if count < _WORTH_PROCESSES:
        yield map
        return
    with without_working_folder(), ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        yield lambda function, places: pool.map(function, places, chunksize=16)
