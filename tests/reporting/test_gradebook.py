import copy
import csv
import io
import json
import multiprocessing
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell
from sqlalchemy.engine import make_url

from autograder.errors import GradebookError, ResultsError
from autograder.notebook.cells import by_grade_id, info
from autograder.reporting.exports.files import export_files
from autograder.reporting.gradebook.course_folder import nbgrader_id, notebook_path, student_name
from autograder.reporting.gradebook.database import database_url, shown
from autograder.reporting.gradebook.manual_scores import read_hand_graded, require_some, with_manual_scores
from autograder.reporting.gradebook.write import write_gradebook
from autograder.reporting.late import Grade
from autograder.results import to_json
from tests.conftest import ROOT
from tests.support.graded import executed, result
from tests.support.toy import NAME, meta

pytestmark = pytest.mark.xdist_group("gradebook")

GRADE = """
    SELECT g.{column} FROM grade g JOIN base_cell c ON c.id = g.cell_id
    JOIN submitted_notebook n ON n.id = g.notebook_id JOIN submitted_assignment s ON s.id = n.assignment_id
    WHERE s.student_id = ? AND c.name = ?
"""
COMMENT = GRADE.replace("grade g", "comment g")


class Book:
    """A gradebook in a folder, written from made results and looked at with plain SQL."""

    def __init__(self, folder, source, student):
        self.folder, self.source, self.student = folder, source, student
        self.database = folder / "gradebook.db"

    def write(self, *results, notebook=None, source=None, **options):
        source = source or self.source
        read = notebook if isinstance(notebook, Callable) else lambda _: notebook or executed(source, self.student)
        sources = {NAME: source.notebook}
        return write_gradebook(results or (result("ada"), result("bob", 0.0)), read, sources, self.folder, **options)

    def sql(self, statement, *values):
        with sqlite3.connect(self.database) as connection:
            return connection.execute(statement, values).fetchall()

    def grade(self, student, cell, column="auto_score"):
        ((value,),) = self.sql(GRADE.format(column=column), student, cell)
        return value

    def give(self, student, cell, points):
        """What formgrader does when a person enters points."""
        ((key,),) = self.sql(GRADE.format(column="id"), student, cell)
        self.sql("UPDATE grade SET manual_score = ?, needs_manual_grade = 0 WHERE id = ?", points, key)

    def say(self, student, cell, words):
        """What formgrader does when a person writes a comment."""
        ((key,),) = self.sql(COMMENT.format(column="id"), student, cell)
        self.sql("UPDATE comment SET manual_comment = ? WHERE id = ?", words, key)

    def everything(self):
        """Every row of every table."""
        names = [name for (name,) in self.sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(self.sql(f"SELECT * FROM {name}"), key=repr) for name in names}


@pytest.fixture
def book(tmp_path, toy_source, toy_student):
    return Book(tmp_path / "gradebook", toy_source, toy_student)


def test_scores_comments_and_what_waits_for_a_person_are_in_the_gradebook(book):
    written = book.write()
    assert (written.submissions, written.waiting, written.left_out) == (2, 2, ())
    assert [book.grade(student, "test-double") for student in ("ada", "bob")] == [5, 0]
    assert book.grade("bob", "written-why") is None
    assert book.grade("bob", "written-why", "needs_manual_grade") == 1
    assert book.grade("bob", "test-double", "needs_manual_grade") == 0
    assert book.sql(COMMENT.format(column="auto_comment"), "bob", "double") == [
        ("double(1) is 3; expected 2. one is added.",)
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


def test_results_of_a_later_run_are_added(book):
    book.write(result("ada"))
    book.write(result("bob"))
    assert book.sql("SELECT student_id FROM submitted_assignment ORDER BY student_id") == [("ada",), ("bob",)]


def one_of_two(folder, source, student, names, together):
    together.wait()
    Book(folder, source, student).write(*(result(name) for name in names))


def test_two_runs_at_once_lose_nothing(book):
    context = multiprocessing.get_context("fork")
    together = context.Barrier(2)
    halves = [[f"s{number}" for number in range(start, start + 30)] for start in (0, 20)]
    runs = [
        context.Process(target=one_of_two, args=(book.folder, book.source, book.student, names, together))
        for names in halves
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join(120)
    assert [run.exitcode for run in runs] == [0, 0]
    assert book.sql("SELECT count(*) FROM submitted_assignment") == [(50,)]
    assert book.sql("SELECT count(*) FROM grade") == [(150,)]
    assert len(list((book.folder / "autograded").iterdir())) == 50


def test_two_runs_on_one_database_from_two_folders_lose_nothing(tmp_path, toy_source, toy_student):
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    for number in (1, 2):
        Book(tmp_path / f"folder{number}", toy_source, toy_student).write(result(f"s{number}"), url=url)
    with sqlite3.connect(tmp_path / "shared.db") as connection:
        assert connection.execute("SELECT count(*) FROM submitted_assignment").fetchall() == [(2,)]
    assert url in (tmp_path / "folder2" / "nbgrader_config.py").read_text()


def test_a_submission_that_could_not_be_executed_is_there_with_zero_and_the_reason(book):
    tasks = tuple(replace(task, points=0.0, status="not_reached") for task in result().tasks)
    torn = result("eve", tasks=tasks, fault="<b>torn</b>.ipynb is not a complete notebook")
    book.write(torn, notebook=lambda _: None)
    notebook = nbformat.read(notebook_path(book.folder, "eve", NAME), as_version=4)
    assert "    <b>torn</b>.ipynb is not" in notebook.cells[0].source
    assert set(by_grade_id(notebook)) == set(by_grade_id(book.source.notebook))
    assert by_grade_id(notebook)["double"].source == ""
    assert book.grade("eve", "written-why") == 0


def test_a_submission_of_no_chapter_is_left_out_and_named(book):
    stray = replace(result("zoe"), assignment="unknown", tasks=())
    assert book.write(result("ada"), stray).left_out == ("zoe",)


@pytest.mark.parametrize(
    "name", ["..", ".hidden", "a/b", "a\\b", "ü ß", " x ", "100%", "%2E", "%/2F", "a*[b]?", "日本", "x."]
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


def test_two_results_for_one_submission_are_refused(book):
    with pytest.raises(ResultsError, match="'ada' has two results"):
        book.write(result("ada"), result("ada", 0.0))


def test_results_of_another_course_are_refused(book):
    with pytest.raises(ResultsError, match="no chapter of this course"):
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


def test_a_gradebook_of_another_version_is_refused_and_left_alone(book):
    book.write()
    book.sql("UPDATE alembic_version SET version_num = 'b6d005d67074'")
    before = book.everything()
    with pytest.raises(GradebookError, match="nbgrader db upgrade"):
        book.write(result("bob", 5.0))
    with pytest.raises(GradebookError, match="b6d005d67074, expected"):
        read_hand_graded(book.database)
    assert book.everything() == before


def test_what_is_no_gradebook_is_refused_and_left_alone(book, tmp_path):
    other, text = tmp_path / "other.db", tmp_path / "text.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE birds (name TEXT)")
    text.write_text("not a database, but long enough to have a header" * 10)
    before = other.read_bytes(), text.read_bytes()
    for path, words in ((other, "no gradebook of nbgrader"), (text, "file is not a database")):
        with pytest.raises(GradebookError, match=words):
            book.write(url=str(path))
    assert (other.read_bytes(), text.read_bytes()) == before


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense://x", "needs a database driver"),
        ("postgresql+nodriver://u:secret@h/d", "needs a database driver"),
        ("sqlite:////proc/nowhere/x.db", "unable to open"),
        ("://", "is not a database URL"),
    ],
)
def test_a_database_that_cannot_be_opened_is_explained_without_its_password(book, url, words):
    with pytest.raises(GradebookError, match=words) as caught:
        book.write(url=url)
    assert "secret" not in str(caught.value)


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
        name = info(cell).grade_id
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


def test_passwords_are_not_shown():
    assert shown(make_url("postgresql://me:secret@host/grades")) == "postgresql://me:***@host/grades"
    assert shown(database_url("sqlite:///x.db")) == str(Path("x.db").absolute())


def in_bubblewrap(*mounts, command):
    wrapped = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", *mounts, "--", *command]
    return subprocess.run(wrapped, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def has_bubblewrap():
    return shutil.which("bwrap") and in_bubblewrap(command=["true"]).returncode == 0


ON_A_DISK = """
import json, os, sqlite3, sys
from pathlib import Path
import nbformat
from autograder.errors import AutograderError
from autograder.reporting.gradebook.write import write_gradebook
from autograder.results import from_json

given, disk, left = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
first, *others = [from_json(entry) for entry in json.loads((given / "results.json").read_text())]
done = nbformat.read(given / "done.ipynb", as_version=4)
sources = {first.assignment: nbformat.read(given / "source.ipynb", as_version=4)}

def write(*results):
    write_gradebook(results, lambda _: done, sources, disk / "gradebook")

if left >= 0:
    write(first)
    about = os.statvfs(disk)
    (disk / "filler").write_bytes(bytes(about.f_bavail * about.f_frsize - left))
try:
    write(first, *others)
except AutograderError as error:
    print(f"refused: {error}")
with sqlite3.connect(f"file:{disk}/gradebook/gradebook.db?mode=ro&immutable=1", uri=True) as connection:
    print(connection.execute("SELECT student_id FROM submitted_assignment").fetchall())
print(sorted(path.name for path in (disk / "gradebook" / "autograded").iterdir()))
"""


@pytest.mark.slow
@pytest.mark.skipif(not has_bubblewrap(), reason="needs bubblewrap to make such a disk")
@pytest.mark.parametrize(
    ("left", "words"),
    [(-1, "Read-only file system"), (20_000, "No space left"), (110_000, "database or disk is full")],
)
def test_a_full_or_read_only_disk_is_explained_and_loses_nothing(book, tmp_path, left, words):
    many = [to_json(result(f"s{number:02}")) for number in range(20)]
    (tmp_path / "results.json").write_text(json.dumps(many))
    nbformat.write(executed(book.source, book.student), tmp_path / "done.ipynb")
    nbformat.write(book.source.notebook, tmp_path / "source.ipynb")
    disk = tmp_path / "disk"
    disk.mkdir()
    if left < 0:
        Book(disk / "gradebook", book.source, book.student).write(result("s00"))
    mounts = ["--size", "2000000", "--tmpfs", str(disk)] if left >= 0 else []
    done = in_bubblewrap(*mounts, command=[sys.executable, "-c", ON_A_DISK, str(tmp_path), str(disk), str(left)])
    refused, rows, folders = done.stdout.splitlines() or [done.stderr] * 3
    assert words in refused
    assert "Make room" in refused
    assert (rows, folders) == ("[('s00',)]", "['s00']")


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12))
def test_any_name_becomes_a_folder_of_its_own_and_back(name):
    encoded = nbgrader_id(name)
    assert student_name(encoded) == name
    assert "/" not in encoded and not encoded.startswith(".") and encoded.strip() == encoded
