"""The gradebook holds what was graded, the same however often it is written."""

from dataclasses import replace

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from autograder.errors import GradebookError, ResultsError
from autograder.notebook.cells import by_grade_id
from autograder.reporting.gradebook.course_folder import notebook_path
from autograder.reporting.gradebook.hand_grades import Person
from tests.support.gradebook import COMMENT
from tests.support.graded import executed, result
from tests.support.toy import NAME, meta

pytestmark = pytest.mark.xdist_group("gradebook")


def test_scores_comments_and_what_waits_for_a_person_are_in_the_gradebook(book):
    written = book.write()
    assert (written.submissions, written.waiting, written.left_out) == (2, 2, ())
    assert [book.grade(student, "test-double") for student in ("ada", "bob")] == [5, 0]
    assert book.grade("bob", "written-why") is None
    assert book.grade("bob", "written-why", "needs_manual_grade") == 1
    assert book.grade("bob", "test-double", "needs_manual_grade") == 0
    assert book.sql(COMMENT.format(column="auto_comment"), "bob", "double") == [
        ("double(1) is 3; expected 2. Likely cause: one is added.",)
    ]
    assert book.sql(COMMENT.format(column="auto_comment"), "ada", "double") == [(None,)]


def test_the_gradebook_has_the_cells_of_the_chapter(book):
    book.write()
    assert book.sql("SELECT name, max_score FROM base_cell JOIN grade_cells USING (id) ORDER BY name") == [
        ("test-double", 5), ("test-half", 3), ("written-why", 2),
    ]  # fmt: skip
    sources = dict(book.sql("SELECT name, source FROM source_cell"))
    assert "4711" in sources["test-double"]
    assert "return 2 * x" not in sources["double"]


def test_graded_notebooks_lie_where_formgrader_looks(book, toy_source):
    book.write()
    notebook = nbformat.read(notebook_path(book.folder, "ada", NAME), as_version=4)
    cells = by_grade_id(notebook)
    assert "4711" in cells["test-double"].source
    assert cells["double"].outputs[0].text == "hello\n"
    assert (book.folder / "source" / NAME).is_dir()
    assert (book.folder / "nbgrader_config.py").is_file()


def test_running_it_again_changes_nothing(book):
    book.write()
    before, config = book.everything(), (book.folder / "nbgrader_config.py").read_bytes()
    book.give("ada", "written-why", 1.5)
    given = book.everything()
    again = book.write()
    assert again.waiting == 1
    assert before["base_cell"] == book.everything()["base_cell"]
    # nbgrader's text of cells is written anew, with new keys.
    assert {**given, "source_cell": None} == {**book.everything(), "source_cell": None}
    assert (book.folder / "nbgrader_config.py").read_bytes() == config
    assert sorted(p.name for p in book.folder.iterdir() if p.name.startswith(".")) == [".lock"]


def test_names_come_from_a_roster_and_those_that_a_person_entered_stay(book):
    book.write()
    book.sql("UPDATE student SET first_name = 'Augusta Ada' WHERE id = 'ada'")
    listed = {"ada": Person("Ada", "Lovelace", "ada@x.org", "4711"), "stranger": Person("No", "One")}
    book.write(people=listed)
    assert book.sql("SELECT id, first_name, last_name, email, lms_user_id FROM student ORDER BY id") == [
        ("ada", "Augusta Ada", "Lovelace", "ada@x.org", "4711"), ("bob", None, None, None, None),
    ]  # fmt: skip


def test_results_of_a_later_run_are_added(book):
    book.write(result("ada"))
    book.write(result("bob"))
    assert book.sql("SELECT student_id FROM submitted_assignment ORDER BY student_id") == [("ada",), ("bob",)]


def test_a_submission_that_could_not_be_executed_is_there_with_zero_and_the_reason(book):
    tasks = tuple(replace(task, points=0.0, status="not_reached") for task in result().tasks)
    torn = result("eve", tasks=tasks, fault="<b>torn</b>.ipynb is not a complete notebook")
    book.write(torn, notebook=lambda _: None)
    notebook = nbformat.read(notebook_path(book.folder, "eve", NAME), as_version=4)
    assert "<code>&lt;b&gt;torn&lt;/b&gt;.ipynb is not" in notebook.cells[0].source
    assert set(by_grade_id(notebook)) == set(by_grade_id(book.source.notebook))
    assert by_grade_id(notebook)["double"].source == ""
    assert book.grade("eve", "written-why") == 0


def test_a_submission_of_no_chapter_is_left_out_and_named(book):
    stray = replace(result("zoe"), assignment="unknown", tasks=())
    assert book.write(result("ada"), stray).left_out == ("zoe",)


def test_two_results_for_one_submission_are_refused(book):
    with pytest.raises(ResultsError, match="'ada' has two results"):
        book.write(result("ada"), result("ada", 0.0))


def test_results_of_another_course_are_refused(book):
    with pytest.raises(ResultsError, match="not a chapter of this course"):
        book.write(replace(result(), assignment="07_elsewhere"))
    with pytest.raises(ResultsError, match="another version of 01_toy: test-half differs"):
        book.write(result(tasks=result().tasks[:1] + result().tasks[2:]))
    stranger = executed(book.source, book.student)
    stranger.cells.append(new_code_cell("pass", metadata=meta("elsewhere", solution=True)))
    with pytest.raises(ResultsError, match="cells that 01_toy does not: elsewhere"):
        book.write(notebook=stranger)
    assert not book.database.exists()


def test_a_damaged_notebook_in_the_results_is_named(book):
    def read(_):
        return nbformat.reads("{", as_version=4)

    with pytest.raises(ResultsError, match="notebook of 'ada' for 01_toy is damaged"):
        book.write(notebook=read)


def test_nothing_counts_when_a_file_cannot_be_moved_into_place(book):
    book.write()
    book.give("ada", "written-why", 1.0)
    blocked = notebook_path(book.folder, "cleo", NAME).parent
    blocked.parent.mkdir()
    blocked.write_text("a file where a folder must be")
    with pytest.raises(GradebookError, match="What the gradebook held before is still there"):
        book.write(result("ada"), result("cleo"))
    assert book.grade("ada", "written-why", "manual_score") == 1
    blocked.unlink()
    assert book.write(result("ada"), result("cleo")).submissions == 2


def test_settings_of_the_instructor_stay(book, tmp_path):
    book.folder.mkdir()
    (book.folder / "nbgrader_config.py").write_text("c = get_config()\n")
    assert book.write().settings_name_it
    assert not book.write(url=str(tmp_path / "else.db")).settings_name_it
    assert (book.folder / "nbgrader_config.py").read_text() == "c = get_config()\n"


def test_times_of_submission_come_from_nbgraders_folder(book):
    path = book.folder / "submitted" / "ada" / NAME / "timestamp.txt"
    path.parent.mkdir(parents=True)
    path.write_text("2026-11-01 12:00:00.000000 UTC")
    book.write()
    times = dict(book.sql("SELECT student_id, timestamp FROM submitted_assignment"))
    assert times == {"ada": "2026-11-01 12:00:00.000000", "bob": None}
    path.write_text("yesterday")
    with pytest.raises(GradebookError, match="holds no time"):
        book.write()
