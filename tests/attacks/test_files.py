"""Hostile names, links and archives, without any kernel."""

from __future__ import annotations

import json
import os
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from nbformat import from_dict

from autograder.errors import NotebookError, SubmissionError
from autograder.grading.archives import extract_archive
from autograder.grading.copies import number_copies
from autograder.grading.grade_submission import GradedSubmission, Source, identify, submission_key
from autograder.grading.store import ResultsFolder
from autograder.grading.submissions import (
    MAX_NOTEBOOK_BYTES,
    Submission,
    find_submissions,
    read_notebook,
)
from autograder.results import SubmissionResult, TaskResult
from tests.attacks.support import NAME

NOTEBOOK = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def write(path: Path, text: str = NOTEBOOK) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def result(student: str, **changes: object) -> SubmissionResult:
    task = TaskResult("test", 0.0, 1.0, "failed", "\ud800 half a pair")
    about = {"tasks": (task,), "flags": ("kernel-changed:\udfff",), "fault": "\ud800", "isolation": "none"}
    about |= {"environment": {}, "digest": "", "seconds": 0.0, **changes}
    return SubmissionResult(student=student, assignment=NAME, **about)


def zipped(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes], kind: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", kind) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


# Names.

ODD = ["../../x", "a/b", "..", ".", "", "\x00", "a\nb", "x" * 250, "\udcff", "\ud800", "-rf", "~root", "$(id)", "<b>"]


@pytest.mark.parametrize("name", ODD, ids=range(len(ODD)))
def test_a_result_lies_in_its_folder_whatever_the_students_name(tmp_path: Path, name: str):
    folder = ResultsFolder(tmp_path)
    folder.write(GradedSubmission(result(name), None))
    assert folder.finished(name, NAME, "") is not None
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [file.resolve().is_relative_to(tmp_path / "submissions") for file in files] == [True]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\udcff", "\udcfe"),
        ("a/b", "a%2Fb"),
        ("..", "%2E."),
        ("x" * 201, "x" * 202),
    ],
    ids=["bytes", "slash", "dots", "long"],
)
def test_two_students_never_share_a_file(tmp_path: Path, one: str, other: str):
    folder = ResultsFolder(tmp_path)
    assert folder.result_path(one, NAME) != folder.result_path(other, NAME)
    assert folder.notebook_path(one, NAME) != folder.notebook_path(other, NAME)


def test_a_name_with_a_number_is_not_anothers_second_file(tmp_path: Path):
    for place in ("bob/a", "bob/b", "bob (2)/a"):
        write(tmp_path / place / NAME / f"{NAME}.ipynb")
    for folder in ("a", "b"):
        write(tmp_path / "bob" / f"{folder}-{NAME}.ipynb")
    found = [Submission("bob", NAME, tmp_path, "1"), Submission("bob", NAME, tmp_path, "2")]
    found.append(Submission("bob (2)", NAME, tmp_path, "3"))
    assert len({submission.label for submission in number_copies(found)}) == 3


def test_a_batch_with_half_characters_is_written_and_read_back(tmp_path: Path):
    folder = ResultsFolder(tmp_path)
    folder.write_batch([result("\udcff"), result("well")])
    assert len(folder.read_batch()) == 2


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes on POSIX systems only")
def test_a_file_name_that_is_no_text_is_found_and_kept(tmp_path: Path):
    place = os.fsencode(tmp_path) + b"/caf\xe9"
    os.mkdir(place)  # noqa: PTH102
    write(Path(os.fsdecode(place)) / f"{NAME}.ipynb")
    (found,) = find_submissions(tmp_path, [NAME])
    ResultsFolder(tmp_path / "out").write(GradedSubmission(result(found.student, file=found.file), None))


# Links and special files.


def test_a_link_to_a_neighbours_notebook_is_not_handed_in(tmp_path: Path):
    write(tmp_path / "ada" / NAME / f"{NAME}.ipynb")
    (tmp_path / "eve" / NAME).mkdir(parents=True)
    (tmp_path / "eve" / NAME / f"{NAME}.ipynb").symlink_to(tmp_path / "ada" / NAME / f"{NAME}.ipynb")
    (eve,) = [s for s in find_submissions(tmp_path, [NAME]) if s.student == "eve"]
    with pytest.raises(NotebookError, match="link"):
        read_notebook(eve.path)


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path):
    write(tmp_path / "ada" / NAME / f"{NAME}.ipynb")
    (tmp_path / "eve").symlink_to(tmp_path / "ada")
    (tmp_path / "loop").mkdir()
    (tmp_path / "loop" / "again").symlink_to(tmp_path)
    assert [s.student for s in find_submissions(tmp_path, [NAME])] == ["ada"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.timeout(300)
def test_a_pipe_and_a_device_are_passed_over(tmp_path: Path):
    write(tmp_path / "ada" / f"{NAME}.ipynb")
    os.mkfifo(tmp_path / f"eve_{NAME}.ipynb")
    (tmp_path / f"zed_{NAME}.ipynb").symlink_to("/dev/zero")
    assert [s.student for s in find_submissions(tmp_path, [NAME])] == ["ada"]


def test_a_file_beyond_the_limit_is_not_read_for_its_key(tmp_path: Path):
    path = tmp_path / "large.ipynb"
    with path.open("wb") as file:
        file.truncate(3 * MAX_NOTEBOOK_BYTES)
    source = Source(NAME, from_dict(json.loads(NOTEBOOK)), "")
    tracemalloc.start()
    try:
        submission_key(Submission("eve", NAME, path, "large.ipynb"), source, {})
        assert tracemalloc.get_traced_memory()[1] < 2 * MAX_NOTEBOOK_BYTES
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("points", ["many", [1], {}, 10**400], ids=["text", "list", "object", "huge"])
def test_a_file_without_a_chapters_name_cannot_stop_the_batch(tmp_path: Path, points: object):
    about = {
        "grade_id": "test",
        "grade": True,
        "solution": False,
        "locked": True,
        "schema_version": 3,
        "points": points,
    }
    cell = {"cell_type": "code", "source": "", "outputs": [], "execution_count": None, "metadata": {"nbgrader": about}}
    path = write(tmp_path / "x.ipynb", json.dumps({**json.loads(NOTEBOOK), "cells": [cell]}))
    identify(Submission("eve", None, path, "x.ipynb"), {})


# Archives.


@pytest.mark.parametrize("name", ["../x.ipynb", "a/../../x.ipynb", "/x.ipynb", "..\\x.ipynb", "a/..", "//x/y.ipynb"])
def test_a_member_outside_is_refused(tmp_path: Path, name: str):
    archive = zipped(tmp_path / "in.zip", ("ada.ipynb", b"{}"), (name, b"{}"))
    with pytest.raises(SubmissionError, match="outside"):
        extract_archive(archive, tmp_path / "to" / "here")
    assert not list(tmp_path.rglob("x.ipynb"))


def test_a_link_in_an_archive_becomes_no_link(tmp_path: Path):
    link = zipfile.ZipInfo("ada_01_target.ipynb")
    link.external_attr = 0o120777 << 16
    extract_archive(zipped(tmp_path / "in.zip", (link, b"/etc/passwd")), tmp_path / "to")
    assert not any(path.is_symlink() for path in (tmp_path / "to").rglob("*"))


def test_what_unpacks_to_too_much_is_refused(tmp_path: Path):
    archive = zipped(tmp_path / "in.zip", ("x.ipynb", bytes(2_000_000)), kind=zipfile.ZIP_DEFLATED)
    with pytest.raises(SubmissionError, match="GB"):
        extract_archive(archive, tmp_path / "to", 1_000_000)


def test_an_archive_that_lies_about_its_size_unpacks_to_no_more(tmp_path: Path):
    archive = zipped(tmp_path / "in.zip", ("x.ipynb", bytes(2_000_000)), kind=zipfile.ZIP_DEFLATED)
    data = archive.read_bytes().replace((2_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    archive.write_bytes(data)
    with pytest.raises(SubmissionError):
        extract_archive(archive, tmp_path / "to")
    assert sum(path.stat().st_size for path in (tmp_path / "to").rglob("*")) < 100_000


def _encrypted(path: Path) -> Path:
    data = bytearray(zipped(path, ("x.ipynb", b"{}")).read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    path.write_bytes(data)
    return path


def _damaged(path: Path) -> Path:
    zipped(path, ("x.ipynb", os.urandom(1000) * 3), kind=zipfile.ZIP_DEFLATED)
    data = bytearray(path.read_bytes())
    data[60:120] = bytes(60)
    path.write_bytes(data)
    return path


def _unknown_method(path: Path) -> Path:
    data = bytearray(zipped(path, ("x.ipynb", b"{}")).read_bytes())
    for mark, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        data[data.index(mark) + at] = 99
    path.write_bytes(data)
    return path


def _empty(path: Path) -> Path:
    path.write_bytes(b"")
    return path


@pytest.mark.parametrize(
    "make",
    [
        _encrypted,
        _damaged,
        _unknown_method,
        lambda path: zipped(path, ("a", b"{}"), ("a/x.ipynb", b"{}")),
        lambda path: zipped(path, ("x" * 300 + ".ipynb", b"{}")),
        lambda path: zipped(path, ("a/" * 2100 + "x.ipynb", b"{}")),
        _empty,
    ],
    ids=["encrypted", "damaged", "unknown-method", "file-as-folder", "long-name", "long-path", "empty"],
)
def test_an_archive_that_cannot_be_unpacked_is_refused_in_words(tmp_path: Path, make: object):
    with pytest.raises(SubmissionError):
        extract_archive(make(tmp_path / "in.zip"), tmp_path / "to")
