import ast
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
import yaml

import autograder
from autograder.course import Course
from autograder.errors import BuildError, CourseError
from autograder.grading.copies import is_untouched
from autograder.grading.grade_submission import Source
from autograder.grading.source import read_source
from autograder.grading.submissions import Submission
from autograder.notebook.cells import by_grade_id, hidden_lines
from autograder.publishing.release import release
from tests.support.toy import NAME, toy_course


@pytest.fixture(scope="module")
def bundle(toy, tmp_path_factory):
    (toy.root / "requirements-student.txt").write_text("numpy\n")
    return release(toy, out=tmp_path_factory.mktemp("release") / "bundle")


def test_the_bundle_holds_notebooks_helper_and_instructions(bundle):
    names = {str(p.relative_to(bundle.folder)) for p in bundle.folder.rglob("*") if p.is_file()}
    assert {f"{NAME}.ipynb", "README.md", "requirements.txt", "autograder/testing/__init__.py", "course.toml"} <= names
    assert bundle.archive.is_file()
    assert bundle.chapters == (NAME,)


def test_a_notebook_of_it_is_known_as_nothing_that_was_handed_in(toy, bundle):
    source = Source(NAME, read_source(toy, NAME), "")
    released = Submission("ada", NAME, bundle.folder / f"{NAME}.ipynb", f"{NAME}.ipynb")
    assert is_untouched(released, source)


def test_the_engine_is_in_it_as_it_is_installed(bundle):
    package = Path(autograder.__file__).parent
    installed = {str(path.relative_to(package)) for path in package.rglob("*.py")}
    assert {
        str(p.relative_to(bundle.folder / "autograder")) for p in bundle.folder.rglob("autograder/**/*.py")
    } == installed


def test_helper_packages_are_in_it_without_their_references(tmp_path):
    course = toy_course(tmp_path / "course")
    for name in (
        "tools/__init__.py",
        "tools/start.py",
        "tools/first/exercises.py",
        "tools/first/reference.py",
        "tools/first/table.json",
    ):
        (course.root / name).parent.mkdir(parents=True, exist_ok=True)
        (course.root / name).write_text("{}")
    (course.root / "course.toml").write_text('helpers = ["tools"]\nstartup = ["tools.start"]\n')
    made = release(Course(course.root), out=tmp_path / "bundle")
    copied = {str(path.relative_to(made.folder)) for path in (made.folder / "tools").rglob("*") if path.is_file()}
    assert copied == {"tools/__init__.py", "tools/start.py", "tools/first/exercises.py", "tools/first/table.json"}
    settings = Course(made.folder).settings
    assert (settings.helpers, settings.startup, settings.hooks) == (("tools",), ("tools.start",), {})


def test_data_of_the_author_are_shipped_only_where_students_are_to_have_them(tmp_path):
    course = toy_course(tmp_path / "course")
    for name in ("given.csv", "tables/more.csv", "hidden.csv"):
        (course.notebooks / name).parent.mkdir(exist_ok=True)
        (course.notebooks / name).write_text("1,2\n")
    (course.root / "course.toml").write_text('data = ["given.csv", "tables"]\nprivate_data = ["hidden.csv"]\n')
    made = release(Course(course.root), out=tmp_path / "bundle")
    assert {path.name for path in made.folder.rglob("*.csv")} == {"given.csv", "more.csv"}


def test_every_module_finds_what_it_imports_in_the_bundle(bundle):
    for path in bundle.folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                if name.startswith("autograder") and (path.name, name) != ("__main__.py", "autograder.cli"):
                    place = bundle.folder.joinpath(*name.split("."))
                    assert place.is_dir() or place.with_suffix(".py").is_file(), f"{path.name} needs {name}"


def test_no_solution_or_hidden_test_is_in_it(bundle, toy_source):
    text = "\n".join(p.read_text() for p in bundle.folder.rglob("*") if p.suffix in (".ipynb", ".py", ".md"))
    secrets = [line for cell in toy_source.notebook.cells for line in hidden_lines(cell.source)]
    assert len(secrets) > 2
    assert not [line for line in [*secrets, "return 2 * x", "return x / 2", "added to itself"] if line in text]


def test_it_can_be_made_again_in_the_same_place(bundle, toy):
    release(toy, [NAME], bundle.folder)
    assert (bundle.folder / f"{NAME}.ipynb").is_file()


def test_a_folder_with_other_things_is_not_touched(toy, tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(BuildError, match="not an earlier bundle"):
        release(toy, out=tmp_path)
    assert (tmp_path / "thesis.tex").is_file()


@pytest.mark.parametrize("out", [".", ".."])
def test_a_course_that_has_the_engine_beside_it_is_not_taken_for_an_earlier_bundle(tmp_path, out):
    course = toy_course(tmp_path / "course")
    for folder in (tmp_path, course.root):
        (folder / "autograder").mkdir()
        (folder / "autograder" / "__main__.py").touch()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BuildError, match="holds the course itself"):
        release(course, [NAME], course.root / out)
    assert sorted(tmp_path.rglob("*")) == before


def test_an_unknown_chapter_is_named(toy, tmp_path):
    with pytest.raises(CourseError, match="no chapter '99'"):
        release(toy, ["99"], tmp_path / "x")


@pytest.mark.parametrize("name", ["1", "01", NAME])
def test_a_chapter_is_known_by_its_name_and_its_number(toy, name):
    assert toy.chapter(name).name == NAME


def test_a_place_that_cannot_be_written_is_named(toy, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(BuildError, match="file/bundle cannot be written: Not a directory"):
        release(toy, out=tmp_path / "file" / "bundle")


def test_what_the_author_may_not_have_meant_is_said(bundle):
    assert bundle.warnings == ()


def test_an_authors_slip_is_told_with_file_and_cell_and_nothing_is_written(tmp_path):
    course = toy_course(tmp_path / "course")
    path = course.chapter(NAME).path
    path.write_text(path.read_text().replace("### END HIDDEN TESTS", "", 1))
    with pytest.raises(CourseError, match=rf"{NAME}.ipynb: cell 'test-double' has BEGIN HIDDEN TESTS without END"):
        release(course, out=tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists()


def test_released_notebooks_have_locked_checks(bundle):
    notebook = nbformat.read(bundle.folder / f"{NAME}.ipynb", as_version=4)
    assert by_grade_id(notebook)["test-double"].metadata.editable is False


def steps_of(workflow):
    """The commands of a workflow that installs and then runs."""
    (job,) = yaml.safe_load(workflow.read_text())["jobs"].values()
    install, run = [step["run"] for step in job["steps"] if "run" in step]
    assert install == "pip install -r requirements.txt"
    return run


def test_the_workflow_for_students_repositories_validates_and_holds_no_hidden_test(toy, tmp_path):
    made = release(toy, out=tmp_path / "bundle", github=True)
    workflow = made.folder / ".github" / "workflows" / "validate.yml"
    assert not [path for path in made.folder.rglob("*") if path.is_file() and b"9422" in path.read_bytes()]
    with zipfile.ZipFile(made.archive) as zipped:
        assert "bundle/.github/workflows/validate.yml" in zipped.namelist()
    # The repository begins as the bundle, and fails; with answers, it passes.
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    right = {
        "double": "def double(x): return 2 * x",
        "half": "def half(x): return x / 2",
        "written-why": "It is added.",
    }
    for answers, status in (({}, 1), (right, 0)):
        notebook = nbformat.read(made.folder / f"{NAME}.ipynb", as_version=4)
        for grade_id, answer in answers.items():
            by_grade_id(notebook)[grade_id].source = answer
        nbformat.write(notebook, made.folder / f"{NAME}.ipynb")
        command = ["bash", "-e", "-c", steps_of(workflow)]
        done = subprocess.run(command, cwd=made.folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == status, done.stdout + done.stderr
        assert f"::group::{NAME}.ipynb" in done.stdout


def test_without_the_option_there_is_no_workflow(bundle):
    assert not (bundle.folder / ".github").exists()
