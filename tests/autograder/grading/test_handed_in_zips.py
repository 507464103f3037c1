"""A zip that a student handed in is its one notebook, or is named with what to do about it."""

import struct
import zipfile

import nbformat
import pytest
from nbformat.v4 import new_notebook

from autograder.errors import SubmissionError
from autograder.grading import handed_in_zips
from autograder.grading.collect import collect
from autograder.grading.own_files import with_own_files

CHAPTERS = ["01_toy", "02_other"]
NOTEBOOK = nbformat.writes(new_notebook()).encode()
MINE = {"my work/01_toy.ipynb": NOTEBOOK}


def pack(path, members, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)


def collected(root):
    return collect(root, CHAPTERS, None, root.parent / "unpacked")


@pytest.fixture
def root(tmp_path):
    (tmp_path / "in" / "ben").mkdir(parents=True)
    (tmp_path / "in" / "ben" / "01_toy.ipynb").write_bytes(NOTEBOOK)
    return tmp_path / "in"


@pytest.mark.parametrize(
    ("place", "student", "assignment"),
    [
        ("Ada L_7_assignsubmission_file_/homework.zip", "Ada L", None),
        ("Gas_ada_attempt_2026-11-01-12-30-00_01_toy.zip", "ada", "01_toy"),
        ("lovelaceada_4711_88_hw.ZIP", "lovelaceada", None),
        ("ada/01_toy/mine.zip", "ada", "01_toy"),
        ("Ada L - 01_toy (1).zip", "Ada L", "01_toy"),
    ],
)
def test_a_zip_with_one_notebook_is_that_notebook_in_its_place(root, place, student, assignment):
    litter = {"__MACOSX/my work/._01_toy.ipynb": b"x", "my work/.ipynb_checkpoints/01_toy.ipynb": NOTEBOOK}
    pack(root / place, MINE | litter)
    found = collected(root)
    (ada,) = (submission for submission in found.submissions if submission.student != "ben")
    assert (ada.student, ada.assignment, ada.file) == (student, assignment, place)
    assert ada.path.read_bytes() == NOTEBOOK and not found.passed_over and not found.without_notebook


def test_a_zip_can_be_given_to_a_student_by_its_place(root):
    pack(root / "week 1" / "hw.zip", MINE)
    found = collect(root, CHAPTERS, {"week 1/hw.zip": "ada"}, root.parent / "unpacked")
    assert {submission.student for submission in found.submissions} == {"ada", "ben"}


def test_what_is_packed_with_a_notebook_is_the_students_own(root):
    pack(root / "lovelaceada_4711_88_hw.zip", MINE | {"my work/data/own.csv": b"1", "notes.txt": b"2"})
    own = {submission.student: dict(submission.own_files) for submission in with_own_files(collected(root).submissions)}
    assert own == {"lovelaceada": {"data/own.csv": b"1"}, "ben": {}}


def test_a_folder_of_nothing_but_zips_is_a_class(tmp_path):
    for name in ("ada", "ben"):
        pack(tmp_path / "in" / name / "01_toy.zip", MINE)
    assert [submission.student for submission in collected(tmp_path / "in").submissions] == ["ada", "ben"]


@pytest.mark.parametrize(
    ("members", "words"),
    [
        (
            {"01_toy.ipynb": NOTEBOOK, "02_other.ipynb": NOTEBOOK},
            "with 2 notebooks, to be unpacked in its place",
        ),
        ({"notes.txt": b"x"}, "with no notebooks"),
        ({"inner.zip": b"PK"}, "with no notebooks"),
        ({**MINE, "../../escape.txt": b"x"}, "cannot be unpacked"),
        ({**MINE, "/etc/escape.txt": b"x"}, "cannot be unpacked"),
        ({**MINE, "..\\escape.txt": b"x"}, "cannot be unpacked"),
        ({**MINE, "big.bin": bytes(2_000_000)}, "of over 1000 files or 1 MB"),
        ({**MINE, **{f"{number}.txt": b"" for number in range(1000)}}, "of over 1000 files"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_any_other_zip_is_named_and_leaves_nothing(root, monkeypatch, members, words):
    monkeypatch.setattr(handed_in_zips, "MAX_UNPACKED_BYTES", 1_000_000)
    pack(root / "ada" / "hw.zip", members)
    found = collected(root)
    assert [submission.student for submission in found.submissions] == ["ben"]
    assert words in found.passed_over["ada/hw.zip"]
    assert found.without_notebook == ("ada",)
    assert not list(root.parent.rglob("escape.txt"))


def test_zips_that_cannot_be_read_are_named(root):
    (root / "ada").mkdir()
    (root / "ada" / "torn.zip").write_bytes(b"PK no zip")
    pack(root / "eve" / "locked.zip", MINE)
    content = bytearray((root / "eve" / "locked.zip").read_bytes())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", content, content.index(signature) + at, 1)
    (root / "eve" / "locked.zip").write_bytes(content)
    (root / "fay").mkdir()
    (root / "fay" / "link.zip").symlink_to(root / "eve" / "locked.zip")
    reasons = collected(root).passed_over
    assert "cannot be read" in reasons["ada/torn.zip"] and "a password" in reasons["eve/locked.zip"]
    assert "a link" in reasons["fay/link.zip"]


def test_all_zips_together_are_bounded(root, monkeypatch):
    monkeypatch.setattr(handed_in_zips, "MAX_BYTES", len(NOTEBOOK) + 10)
    for name in ("ada", "eve"):
        pack(root / name / "hw.zip", MINE)
    found = collected(root)
    assert sorted(submission.student for submission in found.submissions) == ["ada", "ben"]
    assert "all that was handed in" in found.passed_over["eve/hw.zip"]


def test_a_zip_beside_the_students_notebook_is_not_opened(root):
    pack(root / "ben" / "copy.zip", MINE)
    found = collected(root)
    assert [submission.file for submission in found.submissions] == ["ben/01_toy.ipynb"] and not found.passed_over


def test_a_folder_with_nothing_to_grade_is_refused(tmp_path):
    pack(tmp_path / "in" / "ada" / "hw.zip", {"notes.txt": b"x"})
    with pytest.raises(SubmissionError, match="holds no notebook"):
        collected(tmp_path / "in")
