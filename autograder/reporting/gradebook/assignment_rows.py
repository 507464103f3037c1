"""Bring an assignment's cells in the gradebook in step with the course."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode
from sqlalchemy import Connection, Table, delete, insert, select, update

from autograder.errors import GradebookError
from autograder.notebook.cells import CellInfo, cell_info

GRADE, SOLUTION, TASK = "GradeCell", "SolutionCell", "TaskCell"
_TABLES = {GRADE: "grade_cells", SOLUTION: "solution_cells", TASK: "task_cells"}


@dataclass(frozen=True)
class AssignmentRows:
    """Where an assignment is in the database.

    Attributes:
        assignment_id, notebook_id: keys of its rows.
        graded: the key of each cell that has points, by grade id.
        commented: the key of each cell that can be commented on, by grade id.
    """

    assignment_id: str
    notebook_id: str
    graded: Mapping[str, str]
    commented: Mapping[str, str]


def tables() -> Mapping[str, Table]:
    """nbgrader's tables by name."""
    # Late, because importing nbgrader takes over a second.
    from nbgrader.api import Base

    found: Mapping[str, Table] = Base.metadata.tables
    return found


def save_assignment(connection: Connection, course_id: str, name: str, edition: NotebookNode) -> AssignmentRows:
    """Write an assignment with one notebook of the same name, and every cell that nbgrader knows of it.

    Args:
        edition: what :func:`autograder.notebook.student_edition.gradebook_edition` makes of the chapter.

    Raises:
        GradebookError: if the gradebook holds work of a person for a cell that the chapter no longer has.
    """
    table = tables()
    assignment_id = _key(
        connection, "assignment", {"name": name}, {"course_id": _course(connection, course_id), "duedate": None}
    )
    notebook_id = _key(connection, "notebook", {"name": name, "assignment_id": assignment_id}, {})
    kernelspec = json.dumps(edition.metadata.get("kernelspec", {}))
    notebook = table["notebook"]
    connection.execute(update(notebook).where(notebook.c.id == notebook_id).values(kernelspec=kernelspec))

    cells = [(about, cell) for cell in edition.cells if (about := cell_info(cell)).grade_id is not None]
    wanted = {(kind, str(about.grade_id)): (about, cell) for about, cell in cells for kind in _kinds(about)}
    base = table["base_cell"]
    query = select(base.c.type, base.c.name, base.c.id).where(base.c.notebook_id == notebook_id)
    present = {(str(kind), str(cell_name)): str(key) for kind, cell_name, key in connection.execute(query)}
    gone = {present[key]: key[1] for key in present.keys() - wanted.keys()}
    if gone:
        _remove_cells(connection, name, gone)
        present = {key: value for key, value in present.items() if value not in gone}
    for (kind, cell_name), (about, cell) in wanted.items():
        values = {} if kind == SOLUTION else {"max_score": about.points, "cell_type": cell.cell_type}
        special = table[_TABLES[kind]]
        if (kind, cell_name) not in present:
            key = present[kind, cell_name] = new_key()
            connection.execute(insert(base).values(id=key, name=cell_name, notebook_id=notebook_id, type=kind))
            connection.execute(insert(special).values(id=key, **values))
        elif values:
            connection.execute(update(special).where(special.c.id == present[kind, cell_name]).values(**values))
    _save_sources(connection, notebook_id, cells)
    return AssignmentRows(
        assignment_id,
        notebook_id,
        graded={cell_name: key for (kind, cell_name), key in present.items() if kind in (GRADE, TASK)},
        commented={cell_name: key for (kind, cell_name), key in present.items() if kind in (SOLUTION, TASK)},
    )


def _kinds(about: CellInfo) -> tuple[str, ...]:
    """Which kinds of nbgrader's cells one cell is."""
    kinds = {"test": (GRADE,), "manual": (GRADE, SOLUTION), "task": (TASK,), "solution": (SOLUTION,)}
    return kinds.get(about.kind, ())


def _course(connection: Connection, course_id: str) -> str:
    """The course that the database is of already, else a new one."""
    course = tables()["course"]
    known = connection.execute(select(course.c.id).order_by(course.c.id)).scalars().first()
    if known is None:
        connection.execute(insert(course).values(id=course_id))
    return course_id if known is None else str(known)


def _key(connection: Connection, name: str, identity: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """The key of the row with these values, which is added with the others if there is none."""
    table = tables()[name]
    where = [table.c[column] == value for column, value in identity.items()]
    key = connection.execute(select(table.c.id).where(*where)).scalar_one_or_none()
    if key is None:
        key = new_key()
        connection.execute(insert(table).values(id=key, **identity, **other))
    return str(key)


def new_key() -> str:
    """A key for a new row, as nbgrader makes them."""
    from nbgrader.api import new_uuid

    return str(new_uuid())


def _remove_cells(connection: Connection, assignment: str, gone: Mapping[str, str]) -> None:
    """Forget cells that the chapter no longer has, unless a person's work would go with them."""
    table = tables()
    grade, comment = table["grade"], table["comment"]
    by_hand = connection.execute(
        select(grade.c.cell_id).where(
            grade.c.cell_id.in_(gone), grade.c.manual_score.is_not(None) | grade.c.extra_credit.is_not(None)
        )
    ).scalars()
    written = connection.execute(
        select(comment.c.cell_id).where(comment.c.cell_id.in_(gone), comment.c.manual_comment.is_not(None))
    ).scalars()
    kept = sorted({gone[str(key)] for key in (*by_hand, *written)})
    if kept:
        raise GradebookError(
            f"{assignment} no longer has {', '.join(kept)}, but the gradebook holds scores or comments that a person "
            "gave there. Put the cells back into the chapter, or write a new gradebook with --out."
        )
    for rows in (grade, comment):
        connection.execute(delete(rows).where(rows.c.cell_id.in_(gone)))
    for name in _TABLES.values():
        connection.execute(delete(table[name]).where(table[name].c.id.in_(gone)))
    connection.execute(delete(table["base_cell"]).where(table["base_cell"].c.id.in_(gone)))


def _save_sources(connection: Connection, notebook_id: str, cells: list[tuple[CellInfo, NotebookNode]]) -> None:
    """Write the text of the cells that ``nbgrader autograde`` would restore; people's work never hangs on these."""
    source = tables()["source_cell"]
    connection.execute(delete(source).where(source.c.notebook_id == notebook_id))
    rows = [
        {
            "id": new_key(),
            "name": about.grade_id,
            "cell_type": cell.cell_type,
            "locked": about.locked,
            "source": cell.source,
            "checksum": cell.metadata["nbgrader"].get("checksum"),
            "notebook_id": notebook_id,
        }
        for about, cell in cells
        if _kinds(about) or about.locked
    ]
    if rows:
        connection.execute(insert(source), rows)
