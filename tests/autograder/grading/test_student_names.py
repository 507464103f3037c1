"""Whose a file is, by the names that students, nbgrader, Moodle and Canvas give."""

from pathlib import PurePosixPath

import pytest

from autograder.errors import SubmissionError
from autograder.grading.student_names import owners, read_names

CHAPTERS = ["01_toy", "02_other"]


def told(*files, root="handed-in", names=None):
    found = owners([PurePosixPath(file) for file in files], root, CHAPTERS, names)
    return [(owner.student, owner.assignment) for owner in found]


@pytest.mark.parametrize(
    ("file", "student", "assignment"),
    [
        ("Ada Lovelace_123_assignsubmission_file_/01_toy.ipynb", "Ada Lovelace", "01_toy"),
        ("Ada Lovelace_123_assignsubmission_file/01_toy.ipynb", "Ada Lovelace", "01_toy"),
        ("Ada Lovelace_123_assignsubmission_file_/week 1/mine.ipynb", "Ada Lovelace", None),
        ("Ada Lovelace_123_assignsubmission_file_/01_toy/mine.ipynb", "Ada Lovelace", "01_toy"),
        ("01_toy/Zoë O'Neil-Li_123_assignsubmission_file_/02_other.ipynb", "Zoë O'Neil-Li", "02_other"),
        ("Ada Lovelace_123_assignsubmission_file_01_toy.ipynb", "Ada Lovelace", "01_toy"),
        ("Ada Lovelace_123_assignsubmission_file_my_01_toy.ipynb", "Ada Lovelace", "01_toy"),
        ("Ada Lovelace_123_assignsubmission_file_my_work.ipynb", "Ada Lovelace", None),
        ("lovelaceada_4711_88_01_toy.ipynb", "lovelaceada", "01_toy"),
        ("lovelaceada_4711_88_01_toy-2.ipynb", "lovelaceada", "01_toy"),
        ("lovelaceada_4711_88_my homework.ipynb", "lovelaceada", None),
        ("canvas/bobo_LATE_4712_89_01_toy.ipynb", "bobo", "01_toy"),
    ],
)
def test_downloads_from_moodle_and_canvas_name_the_student(file, student, assignment):
    assert told(file) == [(student, assignment)]


@pytest.mark.parametrize(
    ("file", "student"),
    [
        ("ada_4711_01_toy.ipynb", "ada_4711"),
        ("ada_123_assignsubmission_01_toy.ipynb", "ada_123_assignsubmission"),
        ("Ada_assignsubmission_file_/01_toy.ipynb", "Ada_assignsubmission_file_"),
        ("ada lovelace_1_2_01_toy.ipynb", "ada lovelace_1_2"),
    ],
)
def test_what_only_looks_like_a_download_is_taken_as_it_is(file, student):
    assert told(file) == [(student, "01_toy")]


def test_namesakes_keep_their_numbers():
    moodle = "Ada Lovelace_{}_assignsubmission_file_/{}.ipynb"
    assert told(moodle.format(1, "01_toy"), moodle.format(2, "01_toy")) == [
        ("Ada Lovelace_1", "01_toy"),
        ("Ada Lovelace_2", "01_toy"),
    ]
    assert told("li_47_1_01_toy.ipynb", "li_48_2_02_other.ipynb") == [("li_47", "01_toy"), ("li_48", "02_other")]


def test_one_student_is_the_same_in_every_assignment():
    moodle = "Ada Lovelace_{}_assignsubmission_file_/{}.ipynb"
    assert {student for student, _ in told(moodle.format(1, "01_toy"), moodle.format(2, "02_other"))} == {
        "Ada Lovelace"
    }
    assert {student for student, _ in told("li_47_1_01_toy.ipynb", "li_47_9_02_other.ipynb")} == {"li"}


def test_a_folder_with_one_notebook_is_its_students():
    assert told("bob/my homework (final).ipynb", "section/ada/hw.ipynb") == [("bob", None), ("ada", None)]


def test_a_folder_with_a_chapters_notebook_is_its_students():
    assert told("bob/01_toy.ipynb", "bob/scratch.ipynb") == [("bob", "01_toy"), ("bob", None)]


def test_a_folder_with_notebooks_of_several_students_is_nobodys():
    assert told("hw/ada.ipynb", "hw/bob.ipynb") == [("ada", None), ("bob", None)]


def test_given_names_replace_those_that_came_back(tmp_path):
    (tmp_path / "names.csv").write_text("handed_in,student\nAda Lovelace,ada\nli_48,li.b\nli,li.a\n")
    names = read_names(tmp_path / "names.csv")
    files = ["Ada Lovelace_1_assignsubmission_file_/01_toy.ipynb", "li_47_1_01_toy.ipynb", "li_48_2_01_toy.ipynb"]
    assert told(*files, "eve_01_toy.ipynb", names=names) == [
        ("ada", "01_toy"),
        ("li.a", "01_toy"),
        ("li.b", "01_toy"),
        ("eve", "01_toy"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,student\n", "expected handed_in, student"),
        ("handed_in,student\na,\n", "line 2: a value is missing"),
        ("handed_in,student\na,x\na,y\n", "line 3: 'a' is there twice"),
    ],
)
def test_names_that_cannot_be_used_are_refused_with_their_line(tmp_path, text, words):
    (tmp_path / "names.csv").write_text(text)
    with pytest.raises(SubmissionError, match=words):
        read_names(tmp_path / "names.csv")
