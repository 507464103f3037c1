import io
import zipfile

import pytest

from autograder.course import Course
from autograder.errors import CourseError
from autograder.grading.batch import load_sources
from autograder.grading.grade_submission import Settings
from autograder.grading.preloads import Preloads, modules_to_preload
from autograder.grading.source import author_code
from autograder.helper_packages import (
    copy_helpers,
    course_digest,
    helper_archive,
    helper_files,
    is_reference,
    kernel_copies,
)
from autograder.kernel.session import execute
from tests.conftest import ROOT
from tests.support.toy import NAME, toy_course

FILES = ("tools/__init__.py", "tools/first/exercises.py", "tools/first/reference.py", "tools/table.csv")


@pytest.fixture
def course(tmp_path):
    made = toy_course(tmp_path / "course")
    for name in FILES:
        (made.root / name).parent.mkdir(parents=True, exist_ok=True)
        (made.root / name).write_text("# nothing\n")
    (made.notebooks / "given.csv").write_text("1\n")
    (made.root / "course.toml").write_text('helpers = ["tools"]\ndata = ["given.csv"]\n')
    return Course(made.root)


def names(course, folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_kernels_get_copies_without_references(course):
    with kernel_copies(course) as folder:
        assert names(course, folder) == set(FILES) - {"tools/first/reference.py"}
    assert not folder.exists()


def test_nothing_that_python_or_an_editor_leaves_is_copied(course):
    for name in ("tools/__pycache__/x.cpython-311.pyc", "tools/.ipynb_checkpoints/x.py"):
        (course.root / name).parent.mkdir()
        (course.root / name).write_text("")
    assert len(helper_files(course)) == len(FILES)


@pytest.mark.parametrize("name", [*FILES, "notebooks/given.csv"])
def test_the_key_follows_every_file(course, name):
    before = course_digest(course)
    assert course_digest(course) == before
    (course.root / name).write_text("# something else\n")
    assert course_digest(course) != before


def test_the_key_follows_what_kernels_import_first_and_the_kit_of_checks(course, tmp_path, monkeypatch):
    before = course_digest(course)
    text = (course.root / "course.toml").read_text()
    (course.root / "course.toml").write_text(text + 'startup = ["tools.first"]\n')
    with_startup = course_digest(Course(course.root))
    (tmp_path / "kit.py").write_text("")
    monkeypatch.setattr("autograder.testing.__file__", str(tmp_path / "kit.py"))
    assert len({before, with_startup, course_digest(course)}) == 3


def test_the_key_of_a_source_follows_the_helpers(course):
    before = load_sources(course, [NAME])[NAME].key
    (course.root / "tools/first/reference.py").write_text("VALUE = 3\n")
    assert load_sources(course, [NAME])[NAME].key != before


@pytest.mark.parametrize("key", ["helpers", "data", "private_data"])
def test_what_does_not_exist_is_named(course, key):
    (course.root / "course.toml").write_text(f'{key} = ["missing"]\n')
    with pytest.raises(CourseError, match="'missing'"):
        course_digest(Course(course.root))


@pytest.mark.parametrize(
    ("module", "pattern", "is_one"),
    [
        ("tools.first.reference", "*.reference", True),
        ("tools.first.reference.deep", "*.reference", True),
        ("tools.first.references", "*.reference", False),
        ("tools.first.exercises", "*.reference", False),
        ("tools.first.reference", "tools.second.reference", False),
    ],
)
def test_a_pattern_names_a_module_and_everything_inside(module, pattern, is_one):
    assert is_reference(module, (pattern,)) == is_one


def test_an_archive_is_the_same_whenever_its_content_is(course):
    packed = helper_archive(course, references=False)
    assert packed == helper_archive(course, references=False)
    assert set(zipfile.ZipFile(io.BytesIO(packed)).namelist()) == set(FILES) - {"tools/first/reference.py"}


def test_the_helpers_of_this_course_are_preloaded(course):
    this = Course(ROOT)
    (source,) = load_sources(this, ["00_start_here"]).values()
    preloaded = modules_to_preload(this, [source], Settings()).kernels
    assert any(name.startswith("workbook.") for name in preloaded)
    (course.root / "course.toml").write_text('preload = ["tools.first"]\n')
    assert modules_to_preload(Course(course.root), [source], Settings()) == Preloads(("tools.first",), ("tools.first",))


def test_startup_modules_run_first_and_one_that_fails_ends_no_kernel(course, tmp_path):
    from nbformat.v4 import new_code_cell, new_notebook

    (course.root / "tools/begin.py").write_text("import os\nos.environ['BEGUN'] = 'yes'\n")
    (course.root / "tools/fails.py").write_text("raise RuntimeError('not today')\n")
    (course.root / "course.toml").write_text('helpers = ["tools"]\nstartup = ["tools.fails", "tools.begin"]\n')
    code = author_code(Course(course.root))
    (tmp_path / "work").mkdir()
    notebook = new_notebook(cells=[new_code_cell("import os\nprint(os.environ['BEGUN'])")])
    done = execute(notebook, tmp_path / "work", environment=code.environment())
    assert done.notebook.cells[0].outputs[0].text == "yes\n"


def test_hints_are_in_the_bundle_alone_and_no_result_depends_on_them(course, tmp_path):
    before = course_digest(course), helper_archive(course, references=True)
    (course.root / "tools/first/hints.md").write_text("## f\n")
    assert (course_digest(course), helper_archive(course, references=True)) == before
    with kernel_copies(course) as folder:
        assert "tools/first/hints.md" not in names(course, folder)
    copy_helpers(course, tmp_path / "bundle")
    assert "tools/first/hints.md" in names(course, tmp_path / "bundle")
