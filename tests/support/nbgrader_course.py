"""Run plain nbgrader on a chapter: the reference that scores are compared with."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course import Course

_CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "course"
c.CourseDirectory.db_assignments = [{{"name": "{name}"}}]
c.ExecutePreprocessor.timeout = 900
"""


class NbgraderCourse:
    """A course folder as nbgrader expects it, with one assignment.

    Args:
        root: an empty folder.
        course: where the chapter and the AUTOTEST templates come from.
        name: the chapter.
    """

    def __init__(self, root: Path, course: Course, name: str) -> None:
        self.root, self.name = root, name
        (root / "source" / name).mkdir(parents=True)
        (root / "nbgrader_config.py").write_text(_CONFIG.format(name=name))
        shutil.copy(course.root / "autotests.yml", root)
        shutil.copy(course.chapter(name).path, root / "source" / name)

    def run(self, *arguments: str) -> str:
        """Run ``nbgrader ARGUMENTS`` in the course folder and return what it printed."""
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
        environment = {**os.environ, "PATH": path, "WORKBOOK_EMBEDDED": "1", "OMP_NUM_THREADS": "1"}
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=self.root, env=environment, capture_output=True, text=True, timeout=3000, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout + done.stderr

    def released(self) -> NotebookNode:
        """The student edition that ``nbgrader generate_assignment`` makes."""
        self.run("generate_assignment", self.name, "--force")
        return nbformat.read(self.root / "release" / self.name / f"{self.name}.ipynb", as_version=4)

    def hand_in(self, student: str, notebook: NotebookNode) -> None:
        """Put a notebook where ``nbgrader autograde`` collects it."""
        folder = self.root / "submitted" / student / self.name
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{self.name}.ipynb")

    def scores(self) -> dict[str, dict[str, float]]:
        """Autograde everything and return each student's automatic score by grade id."""
        from nbgrader.api import Gradebook

        self.run("autograde", self.name, "--force")
        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}", "course") as gradebook:
            return {
                submission.student.id: {
                    grade.cell.name: float(grade.auto_score or 0.0)
                    for notebook in submission.notebooks
                    for grade in notebook.grades
                }
                for submission in gradebook.assignment_submissions(self.name)
            }
