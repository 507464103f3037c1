"""Which of several files of a student counts, and which are nothing that was handed in."""

from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.grading.copies import handed_in, number_copies
from autograder.grading.submissions import find_submissions
from autograder.notebook.released_cells import PACKAGE_CHECK

CHAPTERS = ["01_toy", "02_other"]
STUB = "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"


@dataclass(frozen=True)
class Chapter:
    notebook: NotebookNode


def graded(make, grade_id, source, **flags):
    meta = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3} | flags
    return make(source, id=grade_id, metadata={"nbgrader": meta | {"grade_id": grade_id}})


def toy(code=STUB, words="YOUR ANSWER HERE", question="## Why?", *more):
    return new_notebook(
        cells=[
            graded(new_code_cell, "double", code, solution=True),
            graded(new_code_cell, "test-double", "assert double(2) == 4", grade=True, locked=True, points=4),
            new_markdown_cell(question, id="question"),
            graded(new_markdown_cell, "words", words, grade=True, solution=True, points=2),
            *more,
        ]
    )


SOURCES = {"01_toy": Chapter(toy("def double(x):\n    return 2 * x", "Because."))}


def place(root: Path, *names, notebook=None):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook or new_notebook(), root / name)


def labels(root, sources=None):
    return {s.label: s.file for s in number_copies(find_submissions(root, CHAPTERS), sources)}


def test_several_files_of_one_student_are_told_apart(tmp_path):
    place(tmp_path, "ada/01_toy.ipynb", "ada_01_toy.ipynb")
    assert labels(tmp_path).keys() == {"ada", "ada (2)"}


def test_of_several_files_the_one_with_the_chapters_own_name_is_the_first(tmp_path):
    place(tmp_path, "ada/01_toy-old.ipynb", "ada/01_toy.ipynb", "ben/01_toy_v2.ipynb")
    assert labels(tmp_path) == {
        "ada": "ada/01_toy.ipynb", "ada (2)": "ada/01_toy-old.ipynb", "ben": "ben/01_toy_v2.ipynb",
    }  # fmt: skip


@pytest.mark.parametrize(
    "files",
    [
        ("Gas_ada_attempt_2026-11-01-12-30-00_01_toy.ipynb", "Gas_ada_attempt_2026-11-01-09-30-00_01_toy.ipynb"),
        ("7-9 - Ada - Nov 10, 2026 126 PM/01_toy.ipynb", "7-9 - Ada - Nov 9, 2026 1131 PM/01_toy.ipynb"),
        ("7-9 - Ada - Nov 9, 2026 126 PM/01_toy-old.ipynb", "7-9 - Ada - Nov 9, 2026 1206 PM/01_toy.ipynb"),
        ("ada+01_toy+2026-11-01 12:00:01.000000 UTC+b/x.ipynb", "ada+01_toy+2026-11-01 12:00:00.9 UTC+z/01_toy.ipynb"),
        ("Berg_Ada_ada_11/01_toy (2).ipynb", "Berg_Ada_ada_11/01_toy.ipynb"),
    ],
)
def test_of_several_attempts_the_last_one_is_the_first(tmp_path, files):
    place(tmp_path, *reversed(files))
    student = next(iter(labels(tmp_path)))
    assert labels(tmp_path) == {student: files[0], f"{student} (2)": files[1]}


def test_a_file_in_which_nothing_is_written_counts_after_one_with_work(tmp_path):
    place(tmp_path, "ada/01_toy.ipynb", "ben/01_toy.ipynb", notebook=toy())
    place(tmp_path, "ada/01_toy_final.ipynb", notebook=toy("def double(x):\n    return x + x"))
    assert labels(tmp_path, SOURCES)["ada"] == "ada/01_toy_final.ipynb"
    assert labels(tmp_path)["ada"] == "ada/01_toy.ipynb"


@pytest.mark.parametrize(
    ("notebook", "is_handed_in"),
    [
        (toy(), False),
        (toy(question="## Why?\n\n**Exercise:** 4 points."), False),
        (toy(STUB, "YOUR ANSWER HERE", "## Why?", new_code_cell("import os", id=PACKAGE_CHECK)), False),
        (toy("def double(x):\n    return 3"), True),
        (toy(words="It adds."), True),
        (toy(question="## Why? Because it adds."), True),
        (toy(STUB, "YOUR ANSWER HERE", "## Why?", new_code_cell("1 + 1")), True),
    ],
)
def test_a_chapter_as_it_was_released_is_not_handed_in_by_being_in_a_repository(tmp_path, notebook, is_handed_in):
    place(tmp_path, "01-toy-submissions/01-toy-ada/01_toy.ipynb", "ben/01_toy.ipynb", notebook=notebook)
    begun, untouched = handed_in(find_submissions(tmp_path, CHAPTERS), SOURCES)
    assert [s.student for s in begun] == (["ada", "ben"] if is_handed_in else ["ben"])
    assert [s.student for s in untouched] == ([] if is_handed_in else ["ada"])


def test_a_broken_file_in_a_repository_is_handed_in(tmp_path):
    place(tmp_path, "01-toy-submissions/01-toy-ada/01_toy.ipynb")
    (tmp_path / "01-toy-submissions/01-toy-ada/01_toy.ipynb").write_text("{")
    assert len(handed_in(find_submissions(tmp_path, CHAPTERS), SOURCES)[0]) == 1


def test_a_chapter_as_it_was_released_beside_the_students_file_is_no_copy_of_it(tmp_path):
    repository = "01-toy-submissions/01-toy-ada"
    place(tmp_path, f"{repository}/01_toy.ipynb", notebook=toy())
    place(tmp_path, f"{repository}/01_toy_final.ipynb", notebook=toy(words="It adds."))
    begun, untouched = handed_in(find_submissions(tmp_path, CHAPTERS), SOURCES)
    assert [s.file for s in begun] == [f"{repository}/01_toy_final.ipynb"] and untouched == []
