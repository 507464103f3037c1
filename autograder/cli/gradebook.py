"""``autograder gradebook``: write nbgrader's gradebook, ready for formgrader."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.app import app, console
from autograder.cli.hand_graded import default_gradebook_folder
from autograder.cli.options import CourseOption, ResultsArgument, RosterOption
from autograder.course import Course
from autograder.printable import printable


@app.command()
def gradebook(
    results: ResultsArgument,
    db: Annotated[
        str | None, typer.Option(metavar="URL", help="Database, any SQLAlchemy URL; default: OUT/gradebook.db.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Course folder for nbgrader; default: RESULTS/gradebook.")] = None,
    roster: RosterOption = None,
    course: CourseOption = None,
) -> None:
    """Write nbgrader's gradebook and the graded notebooks. Scores given by hand stay; run it again after grading."""
    from autograder.grading.source import prepare_sources
    from autograder.grading.store import ResultsFolder
    from autograder.reporting.gradebook.hand_grades import person_listed
    from autograder.reporting.gradebook.write import write_gradebook
    from autograder.roster import listed_for, read_roster

    if db is not None and "://" not in db:
        url = f"sqlite:///{Path(db).absolute()}"
        raise typer.BadParameter(f"--db takes a database URL; {db!r} is none. For a SQLite file, give {url}.")
    found, folder = Course.find(course), ResultsFolder(results)
    batch = folder.read_batch()
    names = {result.assignment for result in batch}
    sources = prepare_sources(found, [c.name for c in found.chapters if c.name in names])
    target = out or default_gradebook_folder(results)
    course_id = re.sub(r"\W+", "-", found.root.name)
    listed = listed_for(batch, read_roster(roster)) if roster is not None else {}
    people = {student: person_listed(entry) for student, entry in listed.items()}
    written = write_gradebook(batch, folder.read_notebook, sources, target, db, course_id, people)
    for student in written.left_out:
        console.print(f"left out: {printable(student)}, whose file belongs to no chapter", markup=False, soft_wrap=True)
    console.print(f"{written.submissions} submissions, {written.waiting} answers wait for a person")
    console.print(f"gradebook {written.database}\nfolder    {written.folder}", markup=False, soft_wrap=True)
    if not written.settings_name_it:
        settings = written.folder / "nbgrader_config.py"
        console.print(f"{settings} stays as it is, but does not name this database.", markup=False, soft_wrap=True)
        console.print("Set c.CourseDirectory.db_url there, or formgrader opens another gradebook.", soft_wrap=True)
