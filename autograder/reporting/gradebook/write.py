"""Write results into nbgrader's gradebook, so that formgrader, feedback and export work on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook
from sqlalchemy.engine import URL

from autograder.errors import ResultsError
from autograder.notebook.cells import by_grade_id, cell_info
from autograder.notebook.reconcile import reconcile
from autograder.notebook.student_edition import gradebook_edition
from autograder.printable import printable
from autograder.reporting.exercises import exercise_names
from autograder.reporting.gradebook import course_folder
from autograder.reporting.gradebook.assignment_rows import save_assignment
from autograder.reporting.gradebook.database import database_url, printable_url, writing
from autograder.reporting.gradebook.formgrader_page import SCHEMES, schemes_text
from autograder.reporting.gradebook.hand_grades import Person
from autograder.reporting.gradebook.safe_notebook import safe_comment, safe_notebook
from autograder.reporting.gradebook.score_rows import Entry, save_people, save_scores
from autograder.reporting.same_course import require_same_course
from autograder.reporting.wording import from_checks
from autograder.results import SubmissionResult, TaskResult, require_distinct

ReadNotebook = Callable[[SubmissionResult], NotebookNode | None]


@dataclass(frozen=True)
class GradebookUpdate:
    """What a run wrote.

    Attributes:
        folder: the course folder for nbgrader.
        database: where the gradebook is, without a password.
        submissions: how many were written.
        waiting: how many answers wait for a person, those included whose points need another look.
        left_out: results that belong to no chapter, by student.
        settings_name_it: False where the folder had an ``nbgrader_config.py`` that does not name this database; it
            was left alone.
    """

    folder: Path
    database: str
    submissions: int
    waiting: int
    left_out: tuple[str, ...]
    settings_name_it: bool


def write_gradebook(
    results: Iterable[SubmissionResult],
    read_notebook: ReadNotebook,
    sources: Mapping[str, NotebookNode],
    folder: Path,
    url: str | None = None,
    course_id: str = "course",
    people: Mapping[str, Person] | None = None,
) -> GradebookUpdate:
    """Write the gradebook, the graded notebooks and what else nbgrader needs into ``folder``.

    Files are written aside first and the database in one transaction, so that a full disk or a killed process leaves
    the gradebook as it was. Running it again changes nothing; results of other submissions stay.

    Args:
        results: as the autograder left them, without scores that people gave.
        read_notebook: gives the executed notebook of a result, or None where nothing was executed.
        sources: the instructor notebook of each assignment in the results, with AUTOTEST lines instantiated.
        folder: created if need be. With nbgrader's ``submitted/`` in it, times of submission come from there.
        url: of the database; default: ``gradebook.db`` in the folder.
        people: names and addresses of students, for those of whom the gradebook has none.

    Raises:
        ResultsError: if the results were made with other chapters, or a student has two for one assignment.
        GradebookError: if the gradebook cannot be written, is of another version of nbgrader, or holds work of a
            person that would be lost.
    """
    folder = folder.absolute()
    database = database_url(url if url is not None else folder / course_folder.DATABASE)
    everything = list(results)
    require_distinct(everything)
    chosen = [result for result in everything if result.assignment in sources]
    left_out = tuple(result.student for result in everything if result.assignment == "unknown")
    for result in everything:
        require_same_course(result, sources)
    editions = {name: gradebook_edition(sources[name]) for name in sorted({r.assignment for r in chosen})}
    with course_folder.locked(folder), course_folder.staging(folder) as staged:
        entries: dict[str, list[Entry]] = {name: [] for name in editions}
        for result in chosen:
            notebook = _executed(result, read_notebook) or _stand_in(result, sources[result.assignment])
            entries[result.assignment].append(_stage(result, notebook, editions[result.assignment], folder, staged))
        for name in editions:
            (folder / "source" / name).mkdir(parents=True, exist_ok=True)
        named = {course_folder.nbgrader_id(student): asdict(person) for student, person in (people or {}).items()}
        waiting = _write_database(database, course_id, editions, entries, named)
        (staged / SCHEMES).write_text(
            schemes_text(folder, {name: sources[name] for name in editions}), encoding="utf-8"
        )
        course_folder.put_in_place(staged, folder)
        explicit = None if url is None else database.render_as_string(hide_password=False)
        named_there = course_folder.write_settings(folder, course_id, explicit, secret=bool(database.password))
    return GradebookUpdate(folder, printable_url(database), len(chosen), waiting, left_out, named_there)


def _write_database(
    database: URL,
    course_id: str,
    editions: Mapping[str, NotebookNode],
    entries: Mapping[str, Sequence[Entry]],
    people: Mapping[str, Mapping[str, str]],
) -> int:
    with writing(database) as connection:
        waiting = sum(
            save_scores(connection, save_assignment(connection, course_id, name, edition), entries[name])
            for name, edition in editions.items()
        )
        save_people(connection, people)
        return waiting


def _stage(
    result: SubmissionResult, notebook: NotebookNode, edition: NotebookNode, folder: Path, staged: Path
) -> Entry:
    """Write one notebook aside, and say what the gradebook shall hold of it."""
    student, assignment = course_folder.nbgrader_id(result.student), result.assignment
    known = by_grade_id(edition)
    strangers = by_grade_id(notebook).keys() - known.keys()
    if strangers:
        raise ResultsError(
            f"the graded notebook of {result.student!r} has cells that {assignment} does not: "
            f"{', '.join(sorted(strangers))}. Expected results of this course; run `autograder grade` again."
        )
    path = course_folder.notebook_path(staged, student, assignment)
    path.parent.mkdir(parents=True)
    safe = safe_notebook(notebook, edition)
    path.write_text(printable(nbformat.writes(safe), lines=True), encoding="utf-8")
    answers = {name: cell for name, cell in known.items() if cell_info(cell).kind in ("solution", "manual")}
    return Entry(
        student,
        scores={task.grade_id: None if task.status == "manual" else task.points for task in result.tasks},
        comments=_comments(result.tasks, answers),
        changed=_changed(
            notebook, safe, course_folder.read_answers(course_folder.notebook_path(folder, student, assignment))
        ),
        timestamp=course_folder.submitted_at(folder, student, assignment),
    )


def _changed(notebook: NotebookNode, safe: NotebookNode, before: Mapping[str, str] | None) -> frozenset[str]:
    """The answers that a person may have graded and that are different now.

    Folders of earlier versions hold the answers as they were handed in, others as they are shown: both are the same.
    """
    if before is None:
        return frozenset()
    cells, shown = by_grade_id(notebook), by_grade_id(safe)
    by_hand = [name for name, cell in cells.items() if cell_info(cell).kind in ("manual", "task")]
    return frozenset(name for name in by_hand if before.get(name) not in (cells[name].source, shown[name].source))


def _comments(tasks: tuple[TaskResult, ...], answers: Mapping[str, object]) -> dict[str, str | None]:
    """What the checks said, by the answer cell that they judge."""
    names = exercise_names(tasks, answers)
    messages: dict[str, list[str]] = {}
    for task in tasks:
        if task.message:
            messages.setdefault(names[task.grade_id], []).append(" ".join(from_checks(task)))
    return {answer: safe_comment("\n\n".join(words)) for answer, words in messages.items()}


def _executed(result: SubmissionResult, read_notebook: ReadNotebook) -> NotebookNode | None:
    try:
        return read_notebook(result)
    except ValueError as error:
        raise ResultsError(
            f"the executed notebook of {result.student!r} for {result.assignment} is damaged: {error}. "
            "Remove the result and run `autograder grade` again."
        ) from error


def _stand_in(result: SubmissionResult, source: NotebookNode) -> NotebookNode:
    """A notebook for a submission that could not be executed: why, and every cell with an empty answer."""
    empty = reconcile(new_notebook(metadata=source.metadata), source).notebook
    # Indented, so that a file name in the text is shown and not rendered.
    why = "\n".join(f"    {line}" for line in (result.fault or "no executed notebook was kept").splitlines())
    empty.cells.insert(0, new_markdown_cell(f"**This submission could not be executed.**\n\n{why}", id="why"))
    return empty
