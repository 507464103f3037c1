"""``autograder book``: execute the chapters and build the Jupyter Book."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from autograder.cli.app import app, console
from autograder.cli.options import CourseOption
from autograder.cli.progress import duration, lines_to
from autograder.course import Course
from autograder.durations import counted

if TYPE_CHECKING:
    from autograder.publishing.lite.site import BrowserSite


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
    lite: Annotated[
        bool, typer.Option("--lite", help="Add a site in which chapters run in the reader's browser, without a server.")
    ] = False,
    pyodide: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER|URL",
            help="With --lite: Python for browsers, from a folder or an address; default: JupyterLite's address.",
        ),
    ] = None,
    timeout: Annotated[
        float | None, typer.Option(min=1, help="Seconds that one chapter may take; default: 3600.")
    ] = None,
    course: CourseOption = None,
) -> None:
    """Execute the chapters that changed and build the book; warnings are errors.

    A chapter that fails gets a page without outputs, and the command ends with status 1.
    """
    from autograder.kernel.limits import AUTHOR_SECONDS
    from autograder.publishing.book import build_book
    from autograder.publishing.lite.pyodide import pyodide_from
    from autograder.publishing.pdf import build_pdf
    from autograder.publishing.pdf_chromium import find_chromium

    if pyodide is not None and not lite:
        raise typer.BadParameter("it says where Python for browsers comes from. Add --lite.", param_hint="--pyodide")
    if lite and edition is not Edition.STUDENT:
        raise typer.BadParameter(
            "only the student edition runs in the browser. Leave out --edition.", param_hint="--lite"
        )
    if pdf:
        find_chromium()  # before minutes are spent on the chapters

    found = Course.find(course)
    source = pyodide_from(pyodide, found.settings.not_in_browser) if lite else None
    made = build_book(
        found,
        edition.value,
        clean=clean,
        say=lines_to(console),
        chapter_seconds=timeout or AUTHOR_SECONDS,
        pyodide=source,
    )
    executed = counted(len(made.executed), "chapter")
    console.print(f"executed {executed}, reused {len(made.reused)}, in {duration(made.seconds)}")
    console.print(f"book     {made.html / 'index.html'}", soft_wrap=True)
    if made.browser is not None:
        print_browser(made.browser)
    if pdf:
        printed = build_pdf(found, made.html, edition.value, lines_to(console))
        console.print(f"pdf      {printed.path}, {printed.pages} pages, in {duration(printed.seconds)}", soft_wrap=True)
    print_missing(made.missing)
    raise typer.Exit(1 if made.missing else 0)


def print_browser(site: BrowserSite) -> None:
    """Say which chapters run in the browser, which do not and why, where Python comes from, and how to try it."""
    lines = [f"lite     {site.folder}, {site.size / 1e6:.0f} MB"]
    for name, skipped in site.chapters.items():
        lines.append(f"  runs       {name}" + (f", {counted(skipped, 'cell')} of it shown as text" if skipped else ""))
    lines += [f"  left out   {name}: {reason}" for name, reason in site.left_out.items()]
    lines.append(f"  Python     from {site.origin}")
    if site.perhaps:
        absent = ", ".join(site.perhaps)
        lines.append(f"  not there  {absent}: a function that imports one when it is called fails there")
    # A browser runs no Python in a page that it opens as a file.
    lines.append(f"  try it     python -m http.server --bind 127.0.0.1 --directory {site.folder.parent}")
    for line in lines:
        console.print(escape(line), soft_wrap=True)


def print_missing(missing: Mapping[str, str]) -> None:
    """Say which chapters have a page without outputs, and why."""
    for message in missing.values():
        console.print(f"[yellow]page without outputs[/]: {escape(message)}", soft_wrap=True)
