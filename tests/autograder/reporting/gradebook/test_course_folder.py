"""Every student has a folder, whatever the name."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import GradebookError
from autograder.reporting.gradebook.course_folder import nbgrader_id, notebook_path, student_name, submitted_at
from autograder.reporting.gradebook.hand_grades import with_manual_scores
from autograder.reporting.gradebook.manual_scores import read_hand_graded
from tests.support.graded import result
from tests.support.toy import NAME

pytestmark = pytest.mark.xdist_group("gradebook")


@pytest.mark.parametrize(
    "name",
    [
        "..",
        ".hidden",
        "a/b",
        "a\\b",
        "ü ß",
        " x ",
        "100%",
        "%2E",
        "%/2F",
        "a*[b]?",
        "日本",
        "x.",
        "<b>",
        '"x',
        "`",
        "\u202ex",
    ],
)
def test_odd_names_are_kept_apart_and_come_back(book, name):
    book.write(result(name))
    encoded = nbgrader_id(name)
    assert student_name(encoded) == name
    assert notebook_path(book.folder, encoded, NAME).resolve().is_relative_to(book.folder / "autograded")
    assert [p.name for p in (book.folder / "autograded").iterdir()] == [encoded]
    book.give(encoded, "written-why", 1.0)
    (back,) = with_manual_scores([result(name)], read_hand_graded(book.database))
    assert back.tasks[2].manual_points == 1


@pytest.mark.parametrize("name", ["", "x" * 129, "日" * 100])
def test_a_name_that_nbgrader_cannot_keep_is_refused_before_anything_is_written(book, name):
    with pytest.raises(GradebookError, match="Rename the submission"):
        book.write(result("ada"), result(name))
    assert not book.database.exists()


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12))
def test_any_name_becomes_a_folder_of_its_own_and_back(name):
    encoded = nbgrader_id(name)
    assert student_name(encoded) == name
    assert "/" not in encoded and not encoded.startswith(".") and encoded.strip() == encoded
    # formgrader writes the name into its pages as it is: as text, into attributes and into strings of scripts.
    assert not set('<>"\\`\n') & set(encoded)


@pytest.mark.parametrize("name", ["ada", 'eve "<b>', "mal\\"])
def test_the_time_of_submission_is_found_under_the_students_own_name(tmp_path, name):
    place = tmp_path / "submitted" / name / NAME
    place.mkdir(parents=True)
    (place / "timestamp.txt").write_text("2026-11-01 12:00:00 UTC")
    assert submitted_at(tmp_path, nbgrader_id(name), NAME) == datetime(2026, 11, 1, 12)


@pytest.mark.parametrize("name", ["..", "../x", ".", "a/../../x"])
def test_no_time_is_read_outside_the_folder_of_submissions(tmp_path, name):
    for place in (tmp_path / NAME, tmp_path / "x" / NAME, tmp_path / "submitted" / NAME):
        place.mkdir(parents=True)
        (place / "timestamp.txt").write_text("2026-11-01 12:00:00 UTC")
    assert submitted_at(tmp_path, nbgrader_id(name), NAME) is None
