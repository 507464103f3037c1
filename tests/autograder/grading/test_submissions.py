import json
import zipfile

import nbformat
import pytest
from nbformat.v4 import new_notebook

from autograder.errors import NotebookError, SubmissionError
from autograder.grading import submissions
from autograder.grading.archives import extract_archive
from autograder.grading.submissions import (
    find_submissions,
    passed_over,
    read_notebook,
    without_notebook,
)

CHAPTERS = ["01_toy", "02_other"]


def place(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(new_notebook(), root / name)


@pytest.mark.parametrize(
    ("name", "student", "assignment"),
    [
        ("ada/01_toy/01_toy.ipynb", "ada", "01_toy"),
        ("ada/01_toy/renamed.ipynb", "ada", "01_toy"),
        ("section-2/ada/01_toy/01_toy.ipynb", "ada", "01_toy"),
        ("ada/01_toy.ipynb", "ada", "01_toy"),
        ("ada_01_toy.ipynb", "ada", "01_toy"),
        ("ada lovelace - 01_toy.ipynb", "ada lovelace", "01_toy"),
        ("lovelaceada_4711_01_toy-2.ipynb", "lovelaceada_4711", "01_toy"),
        ("ada_01_toy (1).ipynb", "ada", "01_toy"),
        ("ada_01_toy.IPYNB", "ada", "01_toy"),
        ("ada.ipynb", "ada", None),
    ],
)
def test_names_tell_student_and_assignment(tmp_path, name, student, assignment):
    place(tmp_path, name)
    (found,) = find_submissions(tmp_path, CHAPTERS)
    assert (found.student, found.assignment, found.file) == (student, assignment, name)


def test_a_single_notebook_is_its_folders(tmp_path):
    place(tmp_path, "ada/01_toy.ipynb")
    (found,) = find_submissions(tmp_path / "ada" / "01_toy.ipynb", CHAPTERS)
    assert (found.student, found.assignment) == ("ada", "01_toy")


def test_checkpoints_and_archive_litter_are_left_over(tmp_path):
    place(tmp_path, "ada/01_toy.ipynb", "ada/.ipynb_checkpoints/01_toy.ipynb", "__MACOSX/x.ipynb", "ada/._01_toy.ipynb")
    assert len(find_submissions(tmp_path, CHAPTERS)) == 1


@pytest.mark.parametrize(
    "folder",
    [".venv/share", "site-packages/x", ".git/lost", ".Trash-1000/files", "node_modules/x", "$RECYCLE.BIN/S-1"],
)
def test_folders_of_tools_are_skipped_without_a_word(tmp_path, folder):
    place(tmp_path, "ada/01_toy.ipynb", f"ada/{folder}/01_toy.ipynb", f"{folder}/demo.ipynb")
    assert [found.student for found in find_submissions(tmp_path, CHAPTERS)] == ["ada"]
    assert left_over(tmp_path) == () and without_notebook(tmp_path) == ()


def test_a_virtual_environment_is_known_under_any_name(tmp_path):
    place(tmp_path, "ada/01_toy.ipynb", "ada/my env/etc/demo.ipynb")
    (tmp_path / "ada" / "my env" / "pyvenv.cfg").write_text("home = /usr/bin")
    assert len(find_submissions(tmp_path, CHAPTERS)) == 1


def test_a_notebook_in_a_hidden_folder_of_no_tool_is_named(tmp_path):
    place(tmp_path, "ada/01_toy.ipynb", ".ben/01_toy.ipynb")
    assert len(find_submissions(tmp_path, CHAPTERS)) == 1
    assert left_over(tmp_path) == (".ben/01_toy.ipynb",)


def left_over(root):
    return passed_over(root, find_submissions(root, CHAPTERS))


def write(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")


def test_handed_in_files_that_are_no_notebooks_are_passed_over_by_name(tmp_path):
    place(tmp_path, "ada_01_toy.ipynb", "section/ada/01_toy/01_toy.ipynb")
    handed_in = [
        "eve_01_toy.ipynb.txt", "fay/01_toy/01_toy.pdf", "section/ada/01_toy/02_other.ipynb.json",
        "section/gus/01_toy.py", "zed.zip",
    ]  # fmt: skip
    write(tmp_path, *handed_in)
    assert left_over(tmp_path) == tuple(handed_in)


def test_what_is_beside_notebooks_of_several_students_may_be_anyones_and_is_named(tmp_path):
    """A download without folders: the notebooks of others do not make a file someone's data."""
    place(tmp_path, "week 1/Ada - 01_toy.ipynb", "week 1/Ben - 01_toy.ipynb", "ben/01_toy.ipynb")
    write(tmp_path, "week 1/Cleo - hw.py", "week 1/Dan - 01_toy.rar", "ben/data.csv")
    assert left_over(tmp_path) == ("week 1/Cleo - hw.py", "week 1/Dan - 01_toy.rar")


def test_what_usually_lies_beside_notebooks_is_passed_over_in_silence(tmp_path):
    place(tmp_path, "ada/01_toy/01_toy.ipynb")
    beside = [
        "ada/01_toy/data.csv",
        "ada/01_toy/figures/net.png",
        "ada/01_toy/timestamp.txt",
        "bob/01_toy/timestamp.txt",
    ]
    litter = [".DS_Store", "Thumbs.db", "ada/.git/config", "__MACOSX/x.txt", "bob/.ipynb_checkpoints/x.ipynb.txt"]
    write(tmp_path, *beside, *litter)
    assert left_over(tmp_path) == ()
    assert left_over(tmp_path / "ada" / "01_toy" / "01_toy.ipynb") == ()


def test_folders_in_which_nobody_handed_in_a_notebook_are_named(tmp_path):
    place(tmp_path, "ada/01_toy/01_toy.ipynb", "eve.ipynb")
    for name in ("empty", "emptyass/01_toy", "ada/02_other", "ada/01_toy/data/raw", ".git/x", "__MACOSX"):
        (tmp_path / name).mkdir(parents=True)
    write(tmp_path, "fay/01_toy/01_toy.pdf")
    assert without_notebook(tmp_path) == ("ada/02_other", "empty", "emptyass", "fay")
    assert without_notebook(tmp_path / "eve.ipynb") == ()


def test_notes_on_attempts_of_blackboard_are_passed_over_in_silence_where_a_file_is_with_them(tmp_path):
    attempt = "Week 1_{}_attempt_2026-11-01-12-30-00"
    place(tmp_path, f"{attempt.format('ada')}_01_toy.ipynb")
    write(tmp_path, *(f"{attempt.format(name)}.txt" for name in ("ada", "ben", "a_ada")))
    assert left_over(tmp_path) == (f"{attempt.format('a_ada')}.txt", f"{attempt.format('ben')}.txt")


def test_paths_without_notebooks_are_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("x")
    for path, words in (
        (tmp_path / "none", "does not exist"),
        (tmp_path, "no notebook"),
        (tmp_path / "notes.txt", "neither"),
    ):
        with pytest.raises(SubmissionError, match=words):
            find_submissions(path, CHAPTERS)


def test_a_zip_is_unpacked_inside_its_folder_only(tmp_path):
    archive = tmp_path / "in.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("ada/01_toy.ipynb", nbformat.writes(new_notebook()))
    extract_archive(archive, tmp_path / "out")
    assert find_submissions(tmp_path / "out", CHAPTERS)[0].student == "ada"


def test_a_zip_with_backslashes_has_folders(tmp_path):
    archive = tmp_path / "in.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        for student in ("ada", "ben"):
            zipped.writestr(zipfile.ZipInfo(f"class\\{student}\\01_toy.ipynb"), nbformat.writes(new_notebook()))
    extract_archive(archive, tmp_path / "out")
    assert [found.student for found in find_submissions(tmp_path / "out", CHAPTERS)] == ["ada", "ben"]


def test_names_in_a_zip_of_macos_are_read_as_utf_8(tmp_path):
    archive = tmp_path / "in.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("Zoe_/01_toy.ipynb", nbformat.writes(new_notebook()))
    # Archive Utility writes UTF-8 without the flag that says so.
    archive.write_bytes(archive.read_bytes().replace(b"Zoe_", "Zoë".encode()))
    extract_archive(archive, tmp_path / "out")
    assert [found.student for found in find_submissions(tmp_path / "out", CHAPTERS)] == ["Zoë"]


@pytest.mark.parametrize("name", ["../evil.ipynb", "/tmp/evil.ipynb", "a/../../evil.ipynb", "..\\evil.ipynb"])
def test_a_zip_that_points_outside_is_refused(tmp_path, name):
    archive = tmp_path / "in.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr(name, "x")
    with pytest.raises(SubmissionError, match="outside"):
        extract_archive(archive, tmp_path / "out")
    assert not (tmp_path / "evil.ipynb").exists()


def test_a_file_that_is_no_zip_is_refused(tmp_path):
    (tmp_path / "in.zip").write_text("no zip")
    with pytest.raises(SubmissionError, match="not a zip"):
        extract_archive(tmp_path / "in.zip", tmp_path / "out")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not a complete notebook"),
        ('{"cells": [', "not a complete notebook"),
        ('{"cells": ["torn', "string starting at line 1. Expected"),
        ("[]", "notebook format None"),
        ('{"nbformat": 2, "cells": []}', "notebook format 2"),
        ('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "no list of cells"),
        ('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [3]}', "neither code"),
        ("[" * 100_000, "100000 deep"),
        ("\udcff", "not a complete notebook"),
        ("\udcff\udcfe\x00", "cannot be read"),
    ],
)
def test_files_that_are_no_notebooks_are_refused_with_the_reason(tmp_path, text, words):
    path = tmp_path / "x.ipynb"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(NotebookError, match=words):
        read_notebook(path)


def test_a_huge_file_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(submissions, "MAX_NOTEBOOK_BYTES", 10)
    path = tmp_path / "x.ipynb"
    path.write_text(" " * 11)
    with pytest.raises(NotebookError, match="expected at most"):
        read_notebook(path)


def test_sloppy_but_usable_notebooks_are_read(tmp_path):
    cells = [
        {"cell_type": "code", "source": ["a\n", "b"], "metadata": None, "outputs": "junk"},
        {"cell_type": "markdown", "source": None},
    ]
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 4, "cells": cells, "metadata": {"kernelspec": 3}}))
    first, second = read_notebook(path).cells
    assert (first.source, first.outputs, second.source) == ("a\nb", [], "")
