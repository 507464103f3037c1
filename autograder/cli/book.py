"""``autograder book``: execute the chapters and build the Jupyter Book."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.app import app, console
from autograder.cli.options import CourseOption
from autograder.course import Course

if TYPE_CHECKING:
    from autograder.publishing.executed_chapters import ExecutedChapter


def tell_executed(name: str, run: ExecutedChapter) -> None:
    """Say that a chapter was executed; those that are reused take no time."""
    if not run.reused:
        console.print(f"executed {name} in {run.seconds:.0f} s", highlight=False)


class Edition(StrEnum):
    """Which readers a book is made for."""

    STUDENT = "student"
    INSTRUCTOR = "instructor"


@app.command()
def book(
    edition: Annotated[
        Edition, typer.Option(help="For whom: students see stubs, instructors solutions.")
    ] = Edition.STUDENT,
    clean: Annotated[bool, typer.Option("--clean", help="Execute every chapter again.")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="Print the book as a PDF, too; needs Chromium.")] = False,
    course: CourseOption = None,
) -> None:
    """Execute the chapters that changed and build the book; warnings are errors."""
    from autograder.publishing.book import build_book
    from autograder.publishing.pdf import build_pdf
    from autograder.publishing.pdf_chromium import find_chromium

    if pdf:
        find_chromium()  # before minutes are spent on the chapters

    made = build_book(Course.find(course), edition.value, clean=clean, tell=tell_executed)
    console.print(f"executed {len(made.executed)} chapters, reused {len(made.reused)}, in {made.seconds:.0f} s")
    console.print(f"book     {made.html / 'index.html'}", soft_wrap=True)
    if pdf:
        printed = build_pdf(Course.find(course), made.html, edition.value)
        console.print(f"pdf      {printed.path}, {printed.pages} pages, in {printed.seconds:.0f} s", soft_wrap=True)
