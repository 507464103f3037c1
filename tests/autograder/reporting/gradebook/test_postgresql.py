"""The gradebook on a real PostgreSQL, which the test starts itself."""

import multiprocessing

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import create_engine, text

from autograder.reporting.gradebook.manual_scores import read_hand_graded
from tests.support.gradebook import Book
from tests.support.graded import result
from tests.support.postgresql import missing, server
from tests.support.toy import NAME

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.xdist_group("postgresql"),
    pytest.mark.skipif(bool(missing()), reason=missing()),
]
FORK = multiprocessing.get_context("fork")


@pytest.fixture
def url():
    with server() as place:
        yield place


def written(place, *results, url):
    """Writes a gradebook on the server, from a folder of its own: no lock of a folder keeps two runs apart."""
    folder, source, student = place
    return Book(folder, source, student).write(*results, url=url)


def give(url, students, points):
    """What formgrader does when a person enters points."""
    with Gradebook(url) as gradebook:
        for student in students:
            grade = gradebook.find_grade("written-why", NAME, NAME, student)
            grade.manual_score = points
            grade.needs_manual_grade = False
            gradebook.db.commit()


def counted(url, table):
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()
    finally:
        engine.dispose()


def run_together(*jobs):
    together = FORK.Barrier(len(jobs))

    def one(job):
        together.wait()
        job()

    runs = [FORK.Process(target=one, args=(job,)) for job in jobs]
    for run in runs:
        run.start()
    for run in runs:
        run.join(240)
    assert [run.exitcode for run in runs] == [0] * len(jobs)


def test_two_first_runs_at_once_make_one_gradebook_and_lose_nothing(url, tmp_path, toy_source, toy_student):
    places = [(tmp_path / name, toy_source, toy_student) for name in ("one", "two")]
    halves = [[result(f"s{number}") for number in range(start, start + 30)] for start in (0, 20)]
    run_together(
        *(lambda place=place, half=half: written(place, *half, url=url)
          for place, half in zip(places, halves, strict=True))
    )  # fmt: skip
    assert (counted(url, "submitted_assignment"), counted(url, "grade"), counted(url, "student")) == (50, 150, 50)


def test_points_that_a_person_gives_while_two_runs_write_are_kept(url, tmp_path, toy_source, toy_student):
    places = [(tmp_path / name, toy_source, toy_student) for name in ("one", "two")]
    students = [f"s{number}" for number in range(20)]
    written(places[0], *map(result, students), url=url)
    regraded = [result(student, 0.0) for student in students]
    run_together(
        lambda: give(url, students[:10], 1.5),
        *(lambda place=place: written(place, *regraded, url=url) for place in places),
    )
    give(url, students[10:], 2.0)
    again = written(places[0], *regraded, url=url)
    assert (again.submissions, again.waiting, counted(url, "grade")) == (20, 0, 60)
    read = read_hand_graded(url)
    assert read.points == {
        (student, NAME, "written-why"): 1.5 if student in students[:10] else 2.0 for student in students
    }
    assert not read.stale


def test_a_password_is_in_the_settings_and_nowhere_else(url, tmp_path, toy_source, toy_student):
    secret = url.replace("grader@", "grader:s3cret@")
    update = written((tmp_path / "one", toy_source, toy_student), url=secret)
    settings = tmp_path / "one" / "nbgrader_config.py"
    assert "s3cret" not in update.database
    assert "s3cret" in settings.read_text() and settings.stat().st_mode & 0o077 == 0
