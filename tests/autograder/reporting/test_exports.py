import csv
import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import ResultsError
from autograder.printable import printable
from autograder.reporting.exports.files import export_files
from autograder.reporting.exports.plain_csv import SUBMISSION_COLUMNS, TASK_COLUMNS
from autograder.reporting.exports.table import cell, csv_text
from autograder.reporting.gradebook.hand_grades import Person
from autograder.reporting.lateness import Grade
from autograder.roster import RosterEntry
from tests.support.graded import result
from tests.support.toy import NAME

OTHER = "02_other"
PEOPLE = {"ada": Person("Ada", "Lovelace", "ada@example.org", "4711")}
GRADES = [
    Grade(result("ada"), penalty=0.8, late=timedelta(hours=30)),
    Grade(result("bob", double=0.0)),
    Grade(replace(result("bob"), assignment=OTHER)),
    Grade(replace(result("bob (2)"), assignment=OTHER, flags=("duplicate-submission",))),
    Grade(replace(result("eve"), assignment="unknown", tasks=(), fault="no chapter")),
]


def rows(format_name, grades=GRADES, people=PEOPLE):
    return list(csv.reader(io.StringIO(export_files(format_name, grades, people).files[""])))


def test_csv_has_a_row_for_each_submission_with_the_documented_columns():
    header, ada, bob, *_ = rows("csv")
    assert tuple(header) == SUBMISSION_COLUMNS
    assert dict(zip(header, ada, strict=True)) == {
        "student": "ada", "last_name": "Lovelace", "first_name": "Ada", "email": "ada@example.org", "assignment": NAME,
        "score": "8", "max_score": "10", "pending": "2", "late_hours": "30", "late_penalty": "0.8",
        "final_score": "7.2", "flags": "", "fault": "", "file": f"ada/{NAME}/{NAME}.ipynb", "stale": "",
    }  # fmt: skip
    assert bob[header.index("final_score")] == "3"
    assert len(rows("csv")) == 1 + len(GRADES)


def test_the_tasks_table_has_a_row_for_each_scored_cell():
    header, *body = rows("tasks")
    assert tuple(header) == TASK_COLUMNS
    assert [row[2] for row in body[:3]] == ["test-double", "test-half", "written-why"]
    failed = dict(zip(header, body[3], strict=True))
    assert (failed["student"], failed["points"], failed["max_points"], failed["status"]) == ("bob", "0", "5", "failed")
    assert failed["message"] == "double(1) is 3; expected 2."


def test_canvas_gets_its_own_columns_and_the_points_possible():
    header, possible, ada, bob = rows("canvas")
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", NAME, OTHER]
    assert possible == ["    Points Possible", "", "", "", "", "10", "10"]
    assert ada == ["Lovelace, Ada", "4711", "", "ada", "", "7.2", ""]
    assert bob == ["bob", "", "", "bob", "", "3", "8"]


def canvas(student, number, **changes):
    return Grade(result(student, platform="Canvas", number=number, **changes))


def test_canvas_gets_its_own_id_and_no_login_that_was_made_up():
    _, _, ada = rows("canvas", [canvas("lovelaceada", "4711")], {})
    assert ada[:5] == ["lovelaceada", "4711", "", "", ""]


ROSTER = [
    RosterEntry("ada", "Lovelace, Ada", "Canvas", "4711", "Ada", "Lovelace", "", "u1", "ada", "S1"),
    RosterEntry("bo1", "Li, Bo", "Canvas", "47", "Bo", "Li", "", "u2", "bo1", "S2"),
]


def test_with_a_roster_canvas_gets_back_its_own_columns():
    grades = [canvas("libo", "47"), Grade(result("ada")), Grade(result("eve"))]
    exported = export_files("canvas", grades, {}, ROSTER)
    _, _, ada, bo = csv.reader(io.StringIO(exported.files[""]))
    assert ada == ["Lovelace, Ada", "4711", "u1", "ada", "S1", "8"]
    assert bo == ["Li, Bo", "47", "u2", "bo1", "S2", "8"]
    assert exported.left_out == ("eve: not in the roster",)


def test_a_further_file_of_a_student_in_the_roster_is_left_out_as_that():
    batch = [result("ada"), result("ada (2)", flags=("duplicate-submission",))]
    exported = export_files(
        "moodle", [Grade(each) for each in batch], {}, [RosterEntry("ada", "Ada L", "Moodle", login="ada")]
    )
    assert exported.left_out == ("ada (2) 01_toy: another file of the same student counts",)


def test_with_a_roster_moodle_gets_names_and_addresses():
    listed = [RosterEntry("1001", "Ada Lovelace", "Moodle", "", "Ada", "Lovelace", "ada@example.org")]
    exported = export_files("moodle", [Grade(result("Ada Lovelace"))], {}, listed)
    _, ada = csv.reader(io.StringIO(exported.files[""]))
    assert ada[:4] == ["", "Lovelace", "Ada", "ada@example.org"]


def test_two_students_of_one_name_in_canvas_are_named_with_the_lines_to_add():
    grades = [canvas("libo", "47"), canvas("libo", "48", assignment=OTHER)]
    with pytest.raises(ResultsError, match="libo_47,NAME\nlibo_48,NAME"):
        export_files("canvas", grades, {})


def test_moodle_gets_points_and_feedback_together():
    header, ada, bob = rows("moodle")
    feedback = f"{NAME} (feedback)"
    assert header == [
        "Username", "Last name", "First name", "Email address", NAME, feedback, OTHER, f"{OTHER} (feedback)",
    ]  # fmt: skip
    assert ada[:5] == ["ada", "Lovelace", "Ada", "ada@example.org", "7.2"]
    assert ada[6:] == ["-", ""]
    words = "test-double: 0 of 5. double(1) is 3; expected 2. Likely cause: one is added.<br>written-why: 0 of 2."
    assert bob[5].startswith(words)
    assert "Handed in late: 0.8 points taken off." in ada[5]


def test_moodles_feedback_is_text_and_no_markup():
    task = replace(GRADES[0].result.tasks[0], message="<img src=x onerror=alert(1)>", comment="a < b & c")
    _, ada = rows("moodle", [Grade(replace(result(), tasks=(task,)))])
    assert "<img" not in ada[5]
    assert "a &lt; b &amp; c" in ada[5]


def test_moodles_feedback_says_why_a_file_could_not_be_graded():
    _, ada = rows("moodle", [Grade(result("ada", fault="x.ipynb is not a complete notebook <1>."))])
    assert ada[5].startswith("Grading ended early: x.ipynb is not a complete notebook &lt;1&gt;.<br>")


def test_what_an_import_cannot_take_is_left_out_and_named():
    for name in ("canvas", "moodle"):
        left_out = export_files(name, GRADES, {}).left_out
        assert left_out == (
            f"bob (2) {OTHER}: another file of the same student counts", "eve unknown: belongs to no chapter",
        )  # fmt: skip


def test_gradescope_gets_a_file_for_each_submission():
    exported = export_files("gradescope", GRADES, {})
    assert len(exported.files) == len(GRADES)
    data = json.loads(exported.files[f"bob/{NAME}/results.json"])
    first, _, written = data["tests"]
    assert data["score"] == 3
    assert data["visibility"] == "visible"
    assert first == {
        "name": "test-double", "number": "1", "visibility": "visible", "score": 0.0, "max_score": 5.0,
        "status": "failed", "output": "double(1) is 3; expected 2.\nLikely cause: one is added.",
    }  # fmt: skip
    assert set(written) == {"name", "number", "visibility", "output"}
    assert "2 points wait for a person." in data["output"]
    # From the format's documentation: everything else would be ignored or refused.
    documented = {
        "score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility",
        "stdout_visibility", "extra_data", "tests", "leaderboard",
    }  # fmt: skip
    assert set(data) <= documented
    assert all(test.get("status", "passed") in ("passed", "failed") for test in data["tests"])


def test_gradescopes_score_has_the_penalty_taken_off():
    data = json.loads(export_files("gradescope", GRADES, {}).files[f"ada/{NAME}/results.json"])
    assert data["score"] == 7.2
    assert "0.8 points taken off" in data["output"]


@pytest.mark.parametrize("student", ["../../up", ".", "..", "a/b", "x" * 250, "ü ß"])
def test_gradescopes_files_stay_in_their_folder(student, tmp_path):
    (name,) = export_files("gradescope", [Grade(result(student))], {}).files
    assert (tmp_path / name).resolve().is_relative_to(tmp_path)
    assert len(name.split("/")) == 3


def test_no_grade_for_gradescope_takes_the_place_of_another():
    name = "Преображенская-Вознесенская Александра"
    grades = [Grade(result(student)) for student in (name, f"{name} (2)")]
    assert len(export_files("gradescope", grades, {}).files) == len(grades)


def test_points_that_a_person_gave_and_the_comment_are_exported():
    tasks = tuple(
        replace(task, points=1.5, manual_points=1.5, comment="Short, but right.") if task.pending else task
        for task in result().tasks
    )
    by_hand = [Grade(replace(result(), tasks=tasks))]
    header, *body = rows("tasks", by_hand)
    written = dict(zip(header, body[2], strict=True))
    assert (written["points"], written["manual_points"], written["comment"]) == ("1.5", "1.5", "Short, but right.")
    assert rows("csv", by_hand)[1][5:8] == ["9.5", "10", "0"]
    test = json.loads(export_files("gradescope", by_hand, {}).files[f"ada/{NAME}/results.json"])["tests"][2]
    assert (test["score"], test["max_score"], test["output"]) == (1.5, 2.0, "Short, but right.")


def test_points_for_an_earlier_answer_are_marked_wherever_there_is_room():
    tasks = tuple(
        replace(task, points=1.5, manual_points=1.5, stale=True) if task.pending else task for task in result().tasks
    )
    outdated = [Grade(replace(result(), tasks=tasks))]
    assert rows("csv", outdated)[1][-1] == "written-why"
    assert [row[-1] for row in rows("tasks", outdated)[1:]] == ["", "", "yes"]
    words = "The points were given for an earlier version of this answer."
    assert words in rows("moodle", outdated)[1][5]
    assert words in export_files("gradescope", outdated, {}).files[f"ada/{NAME}/results.json"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "=cmd|' /C calc'!A0"])
def test_a_name_never_becomes_a_formula(name):
    for format_name in ("csv", "tasks", "canvas", "moodle"):
        body = rows(format_name, [Grade(result(name))], {})[-1]
        assert "'" + name.replace("\r", "\n") in body
        assert name not in body


def test_numbers_stay_numbers():
    assert [cell(value) for value in (-1.5, 0.0, 1 / 3, 100, None, "-")] == ["-1.5", "0", "0.3333", "100", "", "-"]


@given(st.lists(st.text(), min_size=2, max_size=4))
def test_any_text_survives_the_way_through_csv(values):
    written = csv_text(["a"], [values])
    back = list(csv.reader(io.StringIO(written, newline="")))[1]
    plain = [printable(text.replace("\r\n", "\n").replace("\r", "\n"), lines=True) for text in values]
    assert [text.removeprefix("'") for text in back] == [text.removeprefix("'") for text in plain]
    assert all(text == "-" or not text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for text in back)


def test_results_of_two_versions_are_refused():
    tasks = result().tasks[:2]
    with pytest.raises(ResultsError, match="expected one version"):
        export_files("canvas", [Grade(result("ada")), Grade(replace(result("bob"), tasks=tasks))], {})


def test_a_format_that_is_not_known_is_an_error():
    with pytest.raises(ValueError, match="blackboard"):
        export_files("blackboard", [], {})
