"""What a person gave is never overwritten, and comes back."""

import copy
import csv
import io
from dataclasses import replace

import pytest

from autograder.errors import GradebookError
from autograder.notebook.cells import cell_info
from autograder.reporting.exports.files import export_files
from autograder.reporting.gradebook.hand_grades import with_manual_scores
from autograder.reporting.gradebook.manual_scores import read_hand_graded, require_some
from autograder.reporting.lateness import Grade
from tests.support.gradebook import COMMENT
from tests.support.graded import executed, result

pytestmark = pytest.mark.xdist_group("gradebook")


def test_a_regrade_never_touches_what_a_person_gave(book):
    book.write()
    book.give("bob", "test-double", 4.0)
    book.give("bob", "written-why", 1.5)
    book.say("bob", "double", "The idea is right.")
    book.write(result("bob", 5.0))
    assert (book.grade("bob", "test-double"), book.grade("bob", "test-double", "manual_score")) == (5, 4)
    assert book.grade("bob", "written-why", "manual_score") == 1.5
    assert book.sql(COMMENT.format(column="manual_comment"), "bob", "double") == [("The idea is right.",)]


def test_what_a_person_graded_is_marked_for_another_look_only_where_it_changed(book):
    book.write()
    for student in ("ada", "bob"):
        book.give(student, "written-why", 2.0)
        book.give(student, "test-double", 3.0)
    other = executed(book.source, book.student, written="I thought about it again.")
    assert book.write(result("ada"), notebook=other).waiting == 1
    assert book.grade("ada", "written-why", "needs_manual_grade") == 1
    assert book.grade("ada", "test-double", "needs_manual_grade") == 0
    assert book.write(result("bob", 5.0)).waiting == 1
    assert book.grade("bob", "test-double", "needs_manual_grade") == 1
    # It stays marked until a person has looked.
    assert book.write(result("ada"), notebook=other).waiting == 1


def test_points_given_for_an_earlier_answer_come_back_as_stale(book):
    book.write()
    for student in ("ada", "bob"):
        book.give(student, "written-why", 1.5)
    other = executed(book.source, book.student, written="I thought about it again.")
    book.write(result("ada"), notebook=other)
    ada, bob = with_manual_scores([result("ada"), result("bob", 0.0)], read_hand_graded(book.database))
    assert (ada.stale, ada.tasks[2].points, ada.pending, bob.stale) == (("written-why",), 1.5, 0, ())
    book.give("ada", "written-why", 1.0)
    (again,) = with_manual_scores([result("ada")], read_hand_graded(book.database))
    assert again.stale == ()


def test_points_and_comments_of_a_person_come_back_into_results_and_exports(book):
    book.write()
    book.give("ada", "written-why", 1.5)
    book.say("ada", "written-why", "Short, but right.")
    book.say("bob", "double", "See chapter 2.")
    book.sql("UPDATE grade SET extra_credit = 1 WHERE id = ?", book.grade("bob", "test-half", "id"))
    book.sql("UPDATE student SET first_name = 'Ada', last_name = 'Lovelace', email = 'a@b.c' WHERE id = 'ada'")
    graded = read_hand_graded(book.database)
    ada, bob, eve = with_manual_scores([result("ada"), result("bob", 0.0), result("eve")], graded)
    written = ada.tasks[2]
    assert (written.points, written.manual_points, written.comment) == (1.5, 1.5, "Short, but right.")
    assert (written.status, written.pending) == ("manual", False)
    assert (ada.score, ada.pending) == (9.5, 0)
    assert (bob.tasks[0].comment, bob.tasks[0].manual_points) == ("See chapter 2.", None)
    assert (bob.tasks[1].points, bob.score, bob.pending) == (4, 4, 2)
    assert eve == result("eve")
    table = export_files("csv", [Grade(ada)], graded.people).files[""]
    row = next(csv.DictReader(io.StringIO(table)))
    assert (row["final_score"], row["last_name"]) == ("9.5", "Lovelace")


def test_a_gradebook_that_is_not_there_is_not_created_by_reading(tmp_path):
    with pytest.raises(GradebookError, match="there is no gradebook"):
        read_hand_graded(tmp_path / "gradebook.db")
    assert list(tmp_path.iterdir()) == []


def test_a_gradebook_of_other_assignments_is_refused(book):
    book.write()
    graded = read_hand_graded(book.database)
    with pytest.raises(GradebookError, match="knows none of 09_other; it has 01_toy"):
        require_some([replace(result(), assignment="09_other")], graded, book.database)
    require_some([result()], graded, book.database)


def changed_source(toy_source, **renamed):
    notebook = copy.deepcopy(toy_source.notebook)
    for cell in notebook.cells:
        name = cell_info(cell).grade_id
        if name in renamed:
            cell.metadata["nbgrader"]["grade_id"] = renamed[name]
    return replace(toy_source, notebook=notebook)


def test_a_cell_that_the_chapter_lost_goes_unless_a_person_graded_it(book):
    book.write()
    source = changed_source(book.source, **{"test-half": "test-half-1"})
    tasks = tuple(replace(t, grade_id="test-half-1") if t.grade_id == "test-half" else t for t in result().tasks)
    notebook = executed(source, source.notebook)
    book.give("bob", "test-half", 2.0)
    before = book.everything()
    with pytest.raises(GradebookError, match="01_toy no longer has test-half, but"):
        book.write(result("ada", tasks=tasks), notebook=notebook, source=source)
    assert book.everything() == before
    book.give("bob", "test-half", None)
    book.write(result("ada", tasks=tasks), notebook=notebook, source=source)
    assert book.grade("ada", "test-half-1") == 3
    assert book.sql("SELECT count(*) FROM base_cell WHERE name = 'test-half'") == [(0,)]
