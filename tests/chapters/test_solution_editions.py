"""What students get of each chapter after the deadline: all solutions, and nothing that examines the next class."""

import ast

import nbformat
import pytest

from autograder.course import Course
from autograder.notebook.cells import cell_info, hidden_lines
from autograder.notebook.student_edition import solution_edition
from tests.conftest import ROOT

CHAPTERS = {chapter.name: chapter.path for chapter in Course(ROOT).chapters}


@pytest.mark.parametrize("name", CHAPTERS)
def test_solutions_and_model_answers_are_in_it_and_hidden_tests_and_mark_schemes_are_not(name):
    source = nbformat.read(CHAPTERS[name], as_version=4)
    edition = {cell.id: cell.source for cell in solution_edition(source).cells}
    for cell in source.cells:
        shown, kind = edition[cell.id], cell_info(cell).kind
        assert "### BEGIN" not in shown and "=== BEGIN" not in shown
        if kind == "test":
            assert set(hidden_lines(cell.source)) & {line.strip() for line in shown.splitlines()} == set()
        if kind == "manual":
            scheme = cell.source.partition("=== BEGIN MARK SCHEME ===")[2].split("=== END")[0].strip()
            assert shown.strip() and scheme and not any(line in shown for line in scheme.splitlines() if line.strip())
        if kind == "solution":
            assert "NotImplementedError" not in shown
            ast.parse(shown)
