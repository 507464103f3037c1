import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.course import Course
from autograder.errors import CourseError
from autograder.publishing.chapter_hints import chapter_hints, hint_warnings, with_hints

TEXT = "## {name}\n\n1. What?\n2. Look.\n3. Build.\n\n- **I get nan.** Why.\n"


def exercise(name):
    meta = {"grade": False, "solution": True, "locked": False, "grade_id": name, "schema_version": 3}
    return new_code_cell("def f(): ...", id=f"cell-{name}", metadata={"nbgrader": meta})


def chapter(imports, *names):
    return new_notebook(cells=[new_code_cell(imports, id="setup"), *map(exercise, names)])


@pytest.fixture
def course(tmp_path):
    for room, name in (("first", "soft_max"), ("second", "relu")):
        (tmp_path / "tools" / room).mkdir(parents=True)
        (tmp_path / "tools" / room / "exercises.py").write_text("")
        (tmp_path / "tools" / room / "hints.md").write_text(TEXT.format(name=name))
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "course.toml").write_text('helpers = ["tools"]\n')
    return Course(tmp_path)


@pytest.mark.parametrize(
    "imports", ["from tools.first import exercises as check", "import tools.first.exercises", "from tools import first"]
)
def test_hints_are_those_next_to_the_helpers_that_the_cells_import(course, imports):
    assert list(chapter_hints(course, chapter(imports, "soft-max", "relu"))) == ["soft-max"]


def test_a_module_outside_of_the_helpers_has_none(course):
    assert chapter_hints(course, chapter("import numpy.linalg", "soft-max")) == {}


def test_an_exercise_without_hints_is_named_where_others_have_some(course):
    source = chapter("from tools.first import exercises", "soft-max", "relu")
    assert hint_warnings(course, source) == ["the exercise 'relu' has no hints; others have."]
    assert hint_warnings(course, chapter("import numpy", "relu")) == []


def test_the_page_gets_them_below_the_exercise(course):
    source = chapter("from tools.first import exercises", "soft-max")
    page = new_notebook(cells=[new_code_cell("…", id="setup"), new_code_cell("…", id="cell-soft-max")])
    assert [cell.id for cell in with_hints(course, source, page).cells][1:] == ["cell-soft-max", "hints-cell-soft-max"]


def test_a_file_that_is_not_in_the_form_is_named(course):
    path = course.root / "tools" / "first" / "hints.md"
    path.write_text("## soft_max\n\n1. One.\n")
    with pytest.raises(CourseError, match=r"first/hints.md: hints for soft_max: the steps are"):
        chapter_hints(course, chapter("from tools.first import exercises", "soft-max"))
