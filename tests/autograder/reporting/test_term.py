"""What a student has over a term, as a row and as a page."""

from dataclasses import replace
from datetime import timedelta

from autograder.reporting.feedback import write_feedback
from autograder.reporting.lateness import Grade
from autograder.reporting.report import class_report, report_page, report_to_json
from autograder.reporting.term import over_term, term_page
from tests.support.graded import result
from tests.support.toy import NAME

ADA = [Grade(result("ada")), Grade(result("ada", 0.0, assignment="02_other"), 1.5, timedelta(hours=3))]
BEN = [Grade(result("ben", flags=("missing-cell:x",)))]
COPY = Grade(result("ada (2)", flags=("duplicate-submission",)))
NOWHERE = Grade(replace(result("eve"), assignment="unknown", tasks=()))


def test_students_and_assignments_are_gathered():
    term = over_term([*BEN, *ADA, COPY, NOWHERE])
    assert term.assignments == {NAME: 10.0, "02_other": 10.0} and term.possible == 20.0
    assert [(s.student, s.points, s.pending, len(s.grades)) for s in term.students] == [
        ("ada", 9.5, 4.0, 2),
        ("ben", 8.0, 2.0, 1),
    ]


def test_a_page_over_the_term_names_nobody_else():
    term = over_term([*ADA, *BEN])
    ada, ben = (term_page(student, term) for student in term.students)
    assert "9.5" in ada and "of 20 points" in ada and "3 h late" in ada and "ben" not in ada
    assert "nothing was handed in" in ben and "ada" not in ben
    assert ada.count("double") == 2


def test_each_student_of_a_term_gets_a_page_and_the_index_lists_it(tmp_path):
    pages = write_feedback([(grade, None) for grade in (*ADA, *BEN)], tmp_path)
    assert {page.relative_to(tmp_path).as_posix() for page in pages} == {
        f"{NAME}/ada.html", "02_other/ada.html", f"{NAME}/ben.html", "students/ada/all.html", "students/ben/all.html",
    }  # fmt: skip
    assert 'href="students/ada/all.html"' in (tmp_path / "index.html").read_text()


def test_one_assignment_needs_no_page_over_the_term(tmp_path):
    write_feedback([(grade, None) for grade in BEN], tmp_path)
    assert not (tmp_path / "students").exists()


def test_the_class_report_has_a_row_for_each_student():
    grades = [*ADA, *BEN]
    reports, term = class_report([grade.result for grade in grades]), over_term(grades)
    page = report_page(reports, term=term)
    assert "<summary>Students</summary>" in page and "all of 20" in page
    assert [row["points"] for row in report_to_json(reports, term)["students"]] == [9.5, 8.0]
    assert "<summary>Students</summary>" not in report_page(reports)
