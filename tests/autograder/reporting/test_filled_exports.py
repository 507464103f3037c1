"""What platforms exported comes back with points in it and nothing else changed."""

import csv
import io

import pytest

from autograder.errors import ExportError, ResultsError
from autograder.reporting.exports.files import export_files
from autograder.reporting.lateness import Grade
from autograder.roster import read_roster
from autograder.tables import read_sheet
from tests.support.graded import result
from tests.support.toy import NAME

# Each as the platform writes it; autograder/reporting/exports/filled.py says where that is documented.
BRIGHTSPACE = (
    "OrgDefinedId,Username,Last Name,First Name,Email,Gas laws Points Grade <Numeric MaxPoints:10 Weight:5>,"
    "End-of-Line Indicator\n"
    "#1001,#ada,Lovelace,Ada,ada@x.org,,#\n"
    "#1002,#bo.li,Li,Bo,bo@x.org,3,#\n"
)
BLACKBOARD = (
    '\ufeff"Last Name","First Name","Username","Student ID","Availability","Gas laws [Total Pts: 10 Score] |118854"\n'
    '"Lovelace","Ada","ada","1001","Yes",""\n"Li","Bo","bo.li","1002","Yes","3"\n'
)
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Gas laws (88),Current Score\n"
    '"    Points Possible",,,,,10,(read only)\n"Lovelace, Ada",4711,u1,ada,S1,,70\n"Li, Bo",47,u2,bo.li,S1,3,80\n'
)
WORKSHEET = (
    "Identifier,Full name,Email address,Status,Grade,Maximum grade,Last modified (grade),Feedback comments\n"
    "Participant 123,Ada Lovelace,ada@x.org,Submitted for grading,,10.00,-,\n"
    'Participant 124,Bo Li,bo@x.org,No submission,3,10.00,"Friday, 6 November 2026, 8:15 AM",old\n'
)


def filled(tmp_path, text, student, columns=None, grades=None):
    path = tmp_path / "platform.csv"
    path.write_text(text, encoding="utf-8")
    given = grades or [Grade(result(student), penalty=0.8)]
    return export_files("filled", given, {}, read_roster(path), columns, read_sheet(path, ExportError))


def cells(text):
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize(
    ("text", "student", "row", "place"),
    [
        (BRIGHTSPACE, "Ada Lovelace", 1, 5),
        (BRIGHTSPACE, "ada", 1, 5),
        (BLACKBOARD, "ada", 1, 5),
        (CANVAS, "Lovelace, Ada", 2, 5),
        (CANVAS, "ada", 2, 5),
    ],
)
def test_points_are_in_the_column_of_the_assignment_and_all_else_stays(tmp_path, text, student, row, place):
    made = filled(tmp_path, text, student, {NAME: "Gas laws"}).files[""]
    expected = cells(text)
    expected[row][place] = "7.2"
    assert cells(made) == expected
    assert made.startswith("\ufeff") == text.startswith("\ufeff")


def test_a_column_that_begins_with_the_assignments_name_needs_no_option(tmp_path):
    made = filled(tmp_path, CANVAS.replace("Gas laws", NAME), "ada").files[""]
    assert cells(made)[2][5] == "7.2"


def test_a_worksheet_of_moodles_gets_points_and_feedback(tmp_path):
    _, ada, bo = cells(filled(tmp_path, WORKSHEET, "Ada Lovelace").files[""])
    assert ada[4] == "7.2" and "Handed in late: 0.8 points taken off." in ada[7]
    assert bo == cells(WORKSHEET)[2]
    german = WORKSHEET.replace("Identifier,Full name,Email address,Status,Grade", "ID,Vollständiger Name,E,S,Bewertung")
    assert cells(filled(tmp_path, german, "Ada Lovelace").files[""])[1][4] == "7.2"


def test_an_assignment_without_column_and_a_stranger_are_named(tmp_path):
    grades = [Grade(result("ada")), Grade(result("ada", assignment="02_other")), Grade(result("eve"))]
    made = filled(tmp_path, BLACKBOARD, "", {NAME: "gas laws"}, grades)
    assert made.left_out == ("eve: not in the roster", "02_other: has no column")


@pytest.mark.parametrize(
    ("text", "columns", "words"),
    [
        (BLACKBOARD, {}, f"has no column for {NAME}. .*Gas laws .*--column {NAME}=NAME"),
        (BLACKBOARD, {NAME: "Gas"}, "has no column"),
        (CANVAS.replace("Current Score", "Gas laws (89)"), {NAME: "Gas laws"}, r"Gas laws \(88\), Gas laws \(89\)"),
    ],
)
def test_a_column_that_is_not_one_is_refused(tmp_path, text, columns, words):
    with pytest.raises(ResultsError, match=words):
        filled(tmp_path, text, "ada", columns)


def test_canvas_gets_a_column_by_the_name_that_it_has_there():
    header, *_ = cells(export_files("canvas", [Grade(result("ada"))], {}, (), {NAME: "Gas laws (88)"}).files[""])
    assert header[5] == "Gas laws (88)"
