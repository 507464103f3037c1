"""A course to begin with: one chapter that works, and all that belongs to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import autograder
from autograder.errors import CourseError
from autograder.extras import DISTRIBUTION

CHAPTER = "01_first_steps"

_COURSE = """\
title = "{title}"
notebooks = "notebooks"
wrong_answers = "wrong_answers"
"""
_README = """\
# {title}

| file | what it is |
|---|---|
| `notebooks/{chapter}.ipynb` | a chapter, with solutions, hidden tests and a mark scheme; `data/` is next to it |
| `wrong_answers/{chapter}.py` | answers that must lose their points, each with the tests that say so |
| `course.toml` | the title, and where things are |
| `requirements-student.txt` | what students install |
| `.github/workflows/check.yml` | has GitHub check each change |

In this folder, with Python 3.11 or newer and `pip install "{package}[grade]=={version}"`:

    autograder check --wrong-answers     solution, empty answer and wrong answers earn what they should
    autograder release                   build/release: what students get, with a README of their own
    autograder grade FOLDER              build/results: what a folder of notebooks earned
    autograder gradebook build/results   give points for answers in words
    autograder feedback build/results    a page for each student
    autograder report build/results      the class on one page
    autograder export build/results      scores as CSV, for Canvas, Moodle or Gradescope

Students hand in the `.ipynb` file. In the folder that they got, `python -m autograder validate {chapter}.ipynb` tells
them what it will earn.
"""
_REQUIREMENTS = "{package}=={version}\njupyterlab>=4\nnumpy>=2\n"
_DATA = "group,height\na,168\na,172\nb,178\nb,182\n"
_WRONG = """\
# %% grade_id="mean-height" mistake="sum-not-mean" fails=["test-mean-height"]
def mean_height(heights):
    return np.sum(heights)
"""
_CI = """\
name: check
on: [push, pull_request]
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: sudo apt-get update && sudo apt-get install --yes bubblewrap
      - run: pip install "{package}[grade]=={version}" -r requirements-student.txt
      - run: autograder check --wrong-answers
"""
_INTRO = """\
# First steps

The file `data/heights.csv` holds the heights of four people in centimetres. You compute their mean."""
_SETUP = """\
import csv

import numpy as np

from autograder.testing import Mistake, call, compare, hidden_case, passed

with open("data/heights.csv", encoding="utf-8") as file:
    heights = np.array([float(row["height"]) for row in csv.DictReader(file)])"""
_ANSWER = '''\
def mean_height(heights):
    """Return the mean of heights as a number. heights: float array of shape (n,), in cm."""
    ### BEGIN SOLUTION
    return np.mean(heights)
    ### END SOLUTION'''
_TEST = """\
total = Mistake("sum-not-mean", "divide the sum by the number of heights.", heights.sum())
compare(call(mean_height, heights), 175.0, "mean_height(heights)", mistakes=[total])
passed("mean_height", "the heights of four people")
### BEGIN HIDDEN TESTS
with hidden_case("one height"):
    compare(call(mean_height, np.array([160.0])), 160.0, "mean_height(heights)")
### END HIDDEN TESTS"""
_MODEL_ANSWER = """\
It lies between the values, and need not be one of them.

=== BEGIN MARK SCHEME ===
- 2 points: the mean is computed from all values and need not be among them
=== END MARK SCHEME ==="""


def make_course(folder: Path) -> list[Path]:
    """Write a course into a folder that is empty or does not exist.

    Returns:
        the files that were written.

    Raises:
        CourseError: if there is something in the folder, or it cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(f"{folder} is not an empty folder. Name one that does not exist yet.")
    title = folder.resolve().name
    version = autograder.__version__
    texts = {
        "course.toml": _COURSE.format(title=title.replace("\\", "").replace('"', "")),
        "README.md": _README.format(title=title, chapter=CHAPTER, package=DISTRIBUTION, version=version),
        "requirements-student.txt": _REQUIREMENTS.format(package=DISTRIBUTION, version=version),
        "notebooks/data/heights.csv": _DATA,
        f"wrong_answers/{CHAPTER}.py": _WRONG,
        ".github/workflows/check.yml": _CI.format(package=DISTRIBUTION, version=version),
        ".gitignore": "build/\n.venv/\n",
        f"notebooks/{CHAPTER}.ipynb": nbformat.writes(_notebook()),
    }
    try:
        for name, text in texts.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CourseError(f"{folder} cannot be written: {error.strerror}. Name another folder.") from error
    return [folder / name for name in texts]


def _notebook() -> NotebookNode:
    cells = [
        new_markdown_cell(_INTRO, id="title"),
        new_code_cell(_SETUP, id="setup", metadata=_about("setup", locked=True)),
        new_markdown_cell("## Exercise 1: the mean", id="exercise-1"),
        new_code_cell(_ANSWER, id="mean-height", metadata=_about("mean-height", solution=True)),
        new_code_cell(
            _TEST, id="test-mean-height", metadata=_about("test-mean-height", grade=True, locked=True, points=8)
        ),
        new_markdown_cell(
            "## Exercise 2: what it means\n\nWhy can the mean be a height that nobody has?", id="exercise-2"
        ),
        new_markdown_cell(
            _MODEL_ANSWER, id="written-mean", metadata=_about("written-mean", grade=True, solution=True, points=2)
        ),
    ]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    made: NotebookNode = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    return made


def _about(grade_id: str, **flags: Any) -> dict[str, Any]:
    """nbgrader's metadata, schema version 3."""
    fields = {"grade": False, "locked": False, "solution": False, "task": False, "schema_version": 3}
    return {"nbgrader": {**fields, "grade_id": grade_id, **flags}}
