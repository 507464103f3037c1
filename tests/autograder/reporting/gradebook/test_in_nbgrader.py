"""nbgrader's own commands and formgrader's pages on a gradebook that the command wrote from a real grading run."""

import copy
import csv
import html
import io
import json
import re

import nbformat
import pytest

from autograder.notebook.cells import by_grade_id
from autograder.reporting.gradebook.course_folder import nbgrader_id
from autograder.reporting.gradebook.manual_scores import read_hand_graded
from tests.support.formgrader import formgrader_in, run
from tests.support.toy import NAME, toy_course

BOB = nbgrader_id("bob <b>")
pytestmark = [pytest.mark.thorough, pytest.mark.xdist_group("nbgrader-gradebook")]


def hand_in(folder, toy_student, student, double, written):
    notebook = copy.deepcopy(toy_student)
    cells = by_grade_id(notebook)
    cells["double"].source, cells["written-why"].source = double, written
    cells["half"].source = "def half(x):\n    return x / 2"
    path = folder / "submitted" / student / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    (path.parent / "timestamp.txt").write_text("2026-11-01 12:00:00.000000 UTC")


@pytest.fixture(scope="module")
def place(tmp_path_factory, toy_student):
    """A course of two students: graded, and in the gradebook of nbgrader's own folder."""
    root = tmp_path_factory.mktemp("gradebook")
    toy_course(root / "course")
    hand_in(root, toy_student, "ada", "def double(x):\n    return 2 * x", "Added to itself.")
    hand_in(root, toy_student, "bob <b>", "def double(x):\n    return x + 1", "")
    regrade(root)
    return root


def regrade(root):
    run("autograder", "grade", root / "submitted", "--out", root / "results", "--jobs", 1, cwd=root / "course")
    run("autograder", "gradebook", root / "results", "--out", root, cwd=root / "course")


@pytest.fixture(scope="module")
def formgrader(place, tmp_path_factory):
    """Asks formgrader's server, and puts what a person enters."""
    with formgrader_in(place, tmp_path_factory.mktemp("runtime")) as server:
        yield server.ask


def grades(formgrader, student):
    submissions = json.loads(formgrader(f"api/submitted_notebooks/{NAME}/{NAME}"))
    (submission,) = [s for s in submissions if s["student"] == student]
    return submission["id"], {
        g["name"]: g for g in json.loads(formgrader(f"api/grades?submission_id={submission['id']}"))
    }


def test_formgraders_pages_show_the_submissions(formgrader):
    for page in ("manage_assignments", "gradebook", f"gradebook/{NAME}", f"gradebook/{NAME}/{NAME}", "manage_students"):
        assert "formgrader" in formgrader(page)
    (assignment,) = json.loads(formgrader("api/assignments"))
    assert (assignment["name"], assignment["max_score"], assignment["num_submissions"]) == (NAME, 10, 2)
    submissions = {s["student"]: s for s in json.loads(formgrader(f"api/submissions/{NAME}"))}
    assert {name: (s["autograded"], s["score"]) for name, s in submissions.items()} == {
        "ada": (True, 8), BOB: (True, 3),
        # formgrader lists the folders of submitted/ itself. This one is in the gradebook under the safe name.
        "bob <b>": (False, 0),
    }  # fmt: skip
    assert submissions["ada"]["needs_manual_grade"]
    key, _ = grades(formgrader, "ada")
    page = re.sub(r"<[^>]+>", "", formgrader(f"submissions/{key}/"))
    assert "return 2 * x" in html.unescape(page)
    assert "Added to itself." in page


def test_points_entered_in_formgrader_survive_a_regrade_and_are_exported(place, formgrader, toy_student):
    key, cells = grades(formgrader, "ada")
    formgrader(f"api/grade/{cells['written-why']['id']}", manual_score=1.5, extra_credit=None)
    comments = {c["name"]: c for c in json.loads(formgrader(f"api/comments?submission_id={key}"))}
    formgrader(f"api/comment/{comments['written-why']['id']}", manual_comment="Short, but right.")
    hand_in(place, toy_student, "ada", "def double(x):\n    return 3 * x", "Added to itself.")
    regrade(place)
    (points,) = read_hand_graded(place / "gradebook.db").points.items()
    assert points == (("ada", NAME, "written-why"), 1.5)
    place_of = ("--gradebook", place / "gradebook.db", "--out", place / "grades-of-ours.csv")
    output = run("autograder", "export", place / "results", *place_of, cwd=place)
    assert "1 score given by hand" in output
    rows = {row["student"]: row for row in csv.DictReader(io.StringIO((place / "grades-of-ours.csv").read_text()))}
    assert (rows["ada"]["final_score"], rows["ada"]["pending"]) == ("4.5", "0")
    assert rows["bob <b>"]["final_score"] == "3"
    run("autograder", "export", place / "results", "--tasks", *place_of, cwd=place)
    tasks = list(csv.DictReader(io.StringIO((place / "grades-of-ours.csv").read_text())))
    (written,) = [t for t in tasks if (t["student"], t["grade_id"]) == ("ada", "written-why")]
    assert (written["points"], written["comment"]) == ("1.5", "Short, but right.")


def test_nbgraders_own_commands_work_on_it(place):
    run("nbgrader", "export", "--to", "theirs.csv", cwd=place)
    theirs = {row["student_id"]: row for row in csv.DictReader((place / "theirs.csv").open())}
    assert float(theirs["ada"]["max_score"]) == 10
    run("nbgrader", "generate_feedback", NAME, "--force", cwd=place)
    page = (place / "feedback" / BOB / NAME / f"{NAME}.html").read_text()
    assert "Score: 3.0 / 10.0" in re.sub(r"\s+", " ", page)
    assert "double(1) should be 2" in page
    assert "MathJax" in page and "cdnjs" not in page
    assert "Upgrading" in run("nbgrader", "db", "upgrade", cwd=place)


def test_nbgrader_itself_can_grade_again_and_keeps_what_a_person_gave(place):
    before = read_hand_graded(place / "gradebook.db").points
    run("nbgrader", "autograde", NAME, "--force", cwd=place)
    assert read_hand_graded(place / "gradebook.db").points == before
    run("nbgrader", "export", "--to", "theirs.csv", cwd=place)
    theirs = {row["student_id"]: row for row in csv.DictReader((place / "theirs.csv").open())}
    assert set(theirs) >= {"ada", "bob <b>"}
