"""One database for several runs; what is not a gradebook of ours is refused and left alone."""

import multiprocessing
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from autograder.errors import GradebookError
from autograder.reporting.gradebook.database import database_url, printable_url
from autograder.reporting.gradebook.manual_scores import read_hand_graded
from tests.support.gradebook import Book
from tests.support.graded import result

pytestmark = pytest.mark.xdist_group("gradebook")


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
    for path, words in ((other, "not a gradebook of nbgrader"), (text, "file is not a database")):
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


def test_passwords_are_not_shown():
    assert printable_url(make_url("postgresql://me:secret@host/grades")) == "postgresql://me:***@host/grades"
    assert printable_url(database_url("sqlite:///x.db")) == str(Path("x.db").absolute())
