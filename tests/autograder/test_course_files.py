"""Which files next to a notebook go where."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course import Course
from autograder.course_files import course_files, write_files
from autograder.errors import CourseError
from tests.support.toy import meta

TEST = "f('data/shown.csv')\n### BEGIN HIDDEN TESTS\nf('data/hidden.csv')\n### END HIDDEN TESTS"
FILES = (
    "data/heights.csv", "data/shown.csv", "data/hidden.csv", "data/solution.csv", "data/unnamed.csv", "picture one.png",
    "joined/a.csv", "many/1.csv", "many/2.csv", "many/x.txt", "helper.py", "helper_data.txt", "package/__init__.py",
    "package/inner.py", "other.ipynb", "secret.csv",
)  # fmt: skip


@pytest.fixture
def course(tmp_path):
    for name in FILES:
        path = tmp_path / "course" / "notebooks" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("open('helper_data.txt')" if name == "helper.py" else name)
    (tmp_path / "course" / "course.toml").write_text('private_data = ["secret.csv"]\n')
    return Course(tmp_path / "course")


def notebook(*cells):
    locked = {f"cell-{at}": source for at, source in enumerate(cells)}
    return new_notebook(
        cells=[
            *[new_code_cell(source, metadata=meta(name, locked=True)) for name, source in locked.items()],
            new_code_cell(
                "### BEGIN SOLUTION\nopen('data/solution.csv')\n### END SOLUTION", metadata=meta("a", solution=True)
            ),
            new_code_cell(TEST, metadata=meta("t", grade=True, locked=True, points=1)),
        ]
    )


def test_what_students_can_read_of_goes_to_them_and_what_only_hidden_tests_name_does_not(course):
    files = course_files(course, notebook("read('data/heights.csv')\nread('secret.csv')"))
    assert set(files.public) == {"data/heights.csv", "data/shown.csv"}
    assert set(files.private) == {"data/hidden.csv", "secret.csv"}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("pd.read_csv('./data/heights.csv')", {"data/heights.csv"}),
        ("open(Path('joined') / 'a.csv')", {"joined/a.csv"}),
        ("open(os.path.join('joined', 'a.csv'))", {"joined/a.csv"}),
        ("[open(f'many/{n}.csv') for n in (1, 2)]", {"many/1.csv", "many/2.csv"}),
        ("glob('many/*.csv')", {"many/1.csv", "many/2.csv"}),
        ("from helper import check", {"helper.py", "helper_data.txt"}),
        ("import package", {"package/__init__.py", "package/inner.py"}),
        ("%matplotlib inline\nopen('data/heights.csv')", {"data/heights.csv"}),
        ("t['data']", set()),
        ("open('../course.toml'); open('/etc/passwd'); open('other.ipynb'); f'{a}{b}'; open('**')", set()),
    ],
)
def test_a_file_is_named_in_many_ways(course, source, found):
    assert set(course_files(course, notebook(source)).public) - {"data/shown.csv"} == found


def test_text_names_files_too(course):
    book = notebook("pass")
    book.cells.append(new_markdown_cell('<img src="picture one.png"> Read `data/unnamed.csv`.'))
    assert set(course_files(course, book).public) == {"data/shown.csv", "picture one.png", "data/unnamed.csv"}


def test_a_file_that_is_listed_must_exist(course):
    (course.root / "course.toml").write_text('data = ["gone.csv"]\n')
    with pytest.raises(CourseError, match="gone"):
        course_files(Course(course.root), notebook())


def test_what_is_written_is_what_was_read(course, tmp_path):
    files = course_files(course, notebook("read('data/heights.csv')"))
    write_files(files.public, tmp_path / "out")
    assert (tmp_path / "out" / "data" / "heights.csv").read_text() == "data/heights.csv"
    before = list(files.parts())
    (course.notebooks / "data" / "heights.csv").write_text("new")
    assert list(course_files(course, notebook("read('data/heights.csv')")).parts()) != before
