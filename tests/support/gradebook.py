"""A gradebook of the toy course, to write and to look at."""

import sqlite3
from collections.abc import Callable

from autograder.reporting.gradebook.write import write_gradebook
from tests.support.graded import executed, result
from tests.support.toy import NAME

GRADE = """
    SELECT g.{column} FROM grade g JOIN base_cell c ON c.id = g.cell_id
    JOIN submitted_notebook n ON n.id = g.notebook_id JOIN submitted_assignment s ON s.id = n.assignment_id
    WHERE s.student_id = ? AND c.name = ?
"""


COMMENT = GRADE.replace("grade g", "comment g")


class Book:
    """A gradebook in a folder, written from made results and looked at with plain SQL."""

    def __init__(self, folder, source, student):
        self.folder, self.source, self.student = folder, source, student
        self.database = folder / "gradebook.db"

    def write(self, *results, notebook=None, source=None, **options):
        source = source or self.source
        read = notebook if isinstance(notebook, Callable) else lambda _: notebook or executed(source, self.student)
        sources = {NAME: source.notebook}
        return write_gradebook(results or (result("ada"), result("bob", 0.0)), read, sources, self.folder, **options)

    def sql(self, statement, *values):
        with sqlite3.connect(self.database) as connection:
            return connection.execute(statement, values).fetchall()

    def grade(self, student, cell, column="auto_score"):
        ((value,),) = self.sql(GRADE.format(column=column), student, cell)
        return value

    def give(self, student, cell, points):
        """What formgrader does when a person enters points."""
        ((key,),) = self.sql(GRADE.format(column="id"), student, cell)
        self.sql("UPDATE grade SET manual_score = ?, needs_manual_grade = 0 WHERE id = ?", points, key)

    def say(self, student, cell, words):
        """What formgrader does when a person writes a comment."""
        ((key,),) = self.sql(COMMENT.format(column="id"), student, cell)
        self.sql("UPDATE comment SET manual_comment = ? WHERE id = ?", words, key)

    def everything(self):
        """Every row of every table."""
        names = [name for (name,) in self.sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(self.sql(f"SELECT * FROM {name}"), key=repr) for name in names}
